import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import { brevet, REGION } from './support/synth.ts';
import { resource } from './support/template.ts';

const EVERY_NAMED_OPTION = { BREVET_KMS: 'true', BREVET_ENVIRONMENT: 'prod' };
const TEMPLATES = [REGION, 'us-west-2'].map((region) =>
  Template.fromStack(brevet({ ...EVERY_NAMED_OPTION, BREVET_REGION: region })),
);

/** Types whose names are taken in every region of an account at once, and the property that holds the name. */
const GLOBAL_NAMES: Record<string, string> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::S3::Bucket': 'BucketName',
};

function globalNames(template: Template): string[] {
  return Object.entries(GLOBAL_NAMES).flatMap(([type, property]) =>
    Object.values(template.findResources(type)).flatMap(({ Properties }) => Properties?.[property] ?? []),
  );
}

describe('two regions of one account', () => {
  it('have a vending role each, named after its region', () => {
    const names = TEMPLATES.map((template) => resource(template, 'AWS::IAM::Role', 'CredentialsApiVending'))
      .map(({ Properties }) => Properties.RoleName)
      .toSorted();
    assert.deepEqual(names, ['Brevet-prod-credentials-eu-central-1', 'Brevet-prod-credentials-us-west-2']);
  });

  it('share no name that an account has once', () => {
    const names = TEMPLATES.flatMap(globalNames);
    assert.equal(names.length, 2, 'the vending roles alone have names of their own');
    assert.equal(new Set(names).size, names.length, `${names}`);
  });

  it('name no region but their own', () => {
    const texts = TEMPLATES.map((template) => JSON.stringify(template.toJSON()));
    const named = texts.map((text) => [REGION, 'us-west-2'].filter((region) => text.includes(region)));
    assert.deepEqual(named, [[REGION], ['us-west-2']]);
  });
});
