// `client.js CALLS PAUSE_SECONDS`: asks STS who it is, several times with one client, as a program that runs for long does.
import { setTimeout as sleep } from 'node:timers/promises';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const [calls, pause] = process.argv.slice(2).map(Number);
const sts = new STSClient();
for (let call = 0; call < calls; call += 1) {
  if (call > 0) await sleep(pause * 1000);
  console.log((await sts.send(new GetCallerIdentityCommand())).Arn);
}
