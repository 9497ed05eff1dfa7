import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import type { BrevetFunctionOptions, CommonFunctionOptions } from './brevet-function.ts';
import { CredentialsApi } from './credentials-api.ts';
import { EncryptionKey } from './encryption-key.ts';
import { PublishedFacts } from './facts.ts';
import { functionArtifact } from './function-artifact.ts';
import { GatewayLogRole } from './gateway-log-role.ts';
import { GitLabAuthorizer } from './gitlab-authorizer.ts';
import { MappingAlarms } from './mapping-alarms.ts';
import { MappingAuditor } from './mapping-auditor.ts';
import { RoleMappingTable } from './role-mapping-table.ts';
import type { Settings } from './settings.ts';
import { TableTrail } from './table-trail.ts';
import { TeamAdministrator } from './team-administrator.ts';
import { TokenUseTable } from './token-use-table.ts';

export interface BrevetStackProps extends StackProps {
  readonly settings: Settings;
}

/** One deployment of Brevet. */
export class BrevetStack extends Stack {
  constructor(scope: Construct, id: string, props: BrevetStackProps) {
    super(scope, id, props);
    const { settings } = props;

    const encryptionKey = settings.customerManagedKey ? new EncryptionKey(this, 'Key') : undefined;
    const roleMappings = settings.mappingTable
      ? RoleMappingTable.fromTableName(this, settings.mappingTable.name, settings.mappingTable.streamArn)
      : new RoleMappingTable(this, 'RoleMappings', { encryptionKey });
    const tokenUses = new TokenUseTable(this, 'TokenUses', { encryptionKey });

    const metricsNamespace = `Brevet/${settings.environment}`;
    const everyFunction: Omit<CommonFunctionOptions, 'artifact'> = { metricsNamespace, encryptionKey };
    const functions: Omit<BrevetFunctionOptions, 'artifact'> = {
      ...everyFunction,
      issuers: settings.issuers,
      denialDetail: settings.denialDetail,
    };
    const authorizer = new GitLabAuthorizer(this, 'Authorizer', {
      ...functions,
      artifact: functionArtifact('authorizer', settings.buildDirectory, settings.architecture),
      routePolicy: 'authenticated',
    });
    const api = new CredentialsApi(this, 'CredentialsApi', {
      ...functions,
      artifact: functionArtifact('credentials', settings.buildDirectory, settings.architecture),
      roleMappings,
      tokenUses,
      authorizer,
      vendingRoleName: `Brevet-${settings.environment}-credentials-${settings.region}`,
      rolePath: settings.rolePath,
      organizationId: settings.organizationId,
      helpUrl: settings.helpUrl,
      customDomain: settings.domain && {
        domainName: settings.domain.name,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', settings.domain.certificateArn),
      },
      reservedConcurrency: settings.reservedConcurrency,
      provisionedConcurrency: settings.provisionedConcurrency,
    });
    if (api.restApi.domainName !== undefined) {
      // What the DNS record of the domain has to point to.
      new CfnOutput(this, 'DomainTarget', { value: api.restApi.domainName.domainNameAliasDomainName });
    }
    if (settings.gatewayLogRole === 'create') {
      api.restApi.deploymentStage.node.addDependency(new GatewayLogRole(this, 'GatewayLogRole'));
    }

    const auditor = new MappingAuditor(this, 'MappingAuditor', {
      ...everyFunction,
      artifact: functionArtifact('mapping-auditor', settings.buildDirectory, settings.architecture),
      roleMappings,
      rolePath: settings.rolePath,
    });
    if (settings.tableTrail) {
      new TableTrail(this, 'TableTrail', {
        roleMappings,
        trailName: `Brevet-${settings.environment}-role-mappings`,
        encryptionKey,
      });
    }
    for (const [team, scopes] of Object.entries(settings.teams)) {
      new TeamAdministrator(this, `Team-${team}`, {
        roleMappings,
        roleName: `Brevet-${settings.environment}-admin-${team}`,
        scopes,
      });
    }

    new Alarms(this, 'Alarms', { api, metricsNamespace, topicArn: settings.alarmTopicArn });
    new MappingAlarms(this, 'MappingAlarms', {
      auditor,
      metricsNamespace,
      suddenChanges: settings.suddenChanges,
      topicArn: settings.alarmTopicArn,
    });
    new PublishedFacts(this, 'Facts', {
      environment: settings.environment,
      facts: {
        'credentials-url': api.credentialsUrl,
        'api-id': api.restApi.restApiId,
        'mapping-table-name': roleMappings.tableName,
        'mapping-table-arn': roleMappings.tableArn,
        'vending-role-arn': api.function.role.roleArn,
        'role-path': settings.rolePath,
        'audit-log-group': api.function.logGroup.logGroupName,
        'mapping-audit-log-group': auditor.function.logGroup.logGroupName,
        // Issuers that travel as a file are too long for another team's function environment as well.
        ...(settings.issuers.inlineJson === undefined ? {} : { issuers: settings.issuers.inlineJson }),
      },
    });
  }
}
