export { AccessLog, type AccessLogProps } from './access-log.ts';
export { Alarms, type AlarmsProps } from './alarms.ts';
export { type BootstrapPurpose, BootstrapRoles, type BootstrapRolesProps } from './bootstrap-roles.ts';
export {
  BrevetFunction,
  type BrevetFunctionOptions,
  type CommonFunctionOptions,
  type DenialDetail,
} from './brevet-function.ts';
export { BrokeredRole, type BrokeredRoleProps } from './brokered-role.ts';
export { CredentialsApi, type CredentialsApiProps, type CustomDomain } from './credentials-api.ts';
export { type Fact, fact } from './facts.ts';
export { type FunctionArtifact, functionArtifact } from './function-artifact.ts';
export { GatewayResponses, type GatewayResponsesProps } from './gateway-responses.ts';
export {
  type AuthorizerResponse,
  GitLabAuthorizer,
  type GitLabAuthorizerProps,
  type RoutePolicy,
} from './gitlab-authorizer.ts';
export { MappingAlarms, type MappingAlarmsProps } from './mapping-alarms.ts';
export { MappingAuditor, type MappingAuditorProps } from './mapping-auditor.ts';
export { acknowledge, acknowledgeWildcard } from './nag.ts';
export { PipelineLog, type PipelineLogProps } from './pipeline-log.ts';
export { type RoleMappings, RoleMappingTable, type RoleMappingTableProps } from './role-mapping-table.ts';
export { SettingReader } from './setting-reader.ts';
export { composeOrExplain, SettingsError } from './settings-error.ts';
export { TableTrail, type TableTrailProps } from './table-trail.ts';
export { TeamAdministrator, type TeamAdministratorProps } from './team-administrator.ts';
export { TokenUseTable, type TokenUseTableProps } from './token-use-table.ts';
export { TrustedIssuers } from './trusted-issuers.ts';
