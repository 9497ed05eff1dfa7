// A CDK app that cannot be synthesised without credentials: the CLI has to look up as many parameters as `PARAMETERS` names.
// It writes its cloud assembly itself, which saves loading the construct library twice for every row of the table.
import { writeFileSync } from 'node:fs';

const { ACCOUNT: account, AWS_REGION: region, CDK_CONTEXT_JSON, CDK_OUTDIR, PARAMETERS } = process.env;
const known = JSON.parse(CDK_CONTEXT_JSON ?? '{}');
const lookups = PARAMETERS.split(',').map((parameterName) => ({
  key: `ssm:account=${account}:parameterName=${parameterName}:region=${region}`,
  provider: 'ssm',
  props: { account, region, parameterName },
}));
// The construct library shows the error of a look-up in this way too.
for (const { $providerError } of Object.values(known)) if ($providerError) throw new Error($providerError);
const outputs = lookups.map(({ key }, index) => [`Channel${index}`, { Value: known[key] ?? 'not known yet' }]);
writeFileSync(`${CDK_OUTDIR}/Client.template.json`, JSON.stringify({ Outputs: Object.fromEntries(outputs) }));
writeFileSync(
  `${CDK_OUTDIR}/manifest.json`,
  JSON.stringify({
    version: '48.0.0',
    artifacts: {
      Client: {
        type: 'aws:cloudformation:stack',
        environment: `aws://${account}/${region}`,
        properties: { templateFile: 'Client.template.json' },
      },
    },
    missing: lookups.filter(({ key }) => !(key in known)),
  }),
);
