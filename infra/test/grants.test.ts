import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { grantsOf, type Synthesized } from './support/grants.ts';

describe('the reader of templates', () => {
  const ROLE = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } };

  function read(Resources: Synthesized['Resources']): string[] {
    return grantsOf({ Resources }).map(
      ({ who, action, resource, conditions }) => `${who} ${action} ${resource}${conditions.map((one) => ` (${one})`)}`,
    );
  }

  function policy(...Statement: unknown[]): Record<string, unknown> {
    return { PolicyDocument: { Statement }, Roles: [{ Ref: 'Worker' }] };
  }

  const BUCKET = 'arn:aws:s3:::bucket';
  const cases: [string, Synthesized['Resources'], string[]][] = [
    [
      'a policy beside its role, one action or several',
      {
        One: {
          Type: 'AWS::IAM::Policy',
          Properties: policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: BUCKET }),
        },
        Two: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: policy({ Effect: 'Allow', Action: ['s3:PutObject', 's3:*'], Resource: [BUCKET, '*'] }),
        },
      },
      [
        `<Worker> s3:GetObject ${BUCKET}`,
        `<Worker> s3:PutObject ${BUCKET}`,
        '<Worker> s3:PutObject *',
        `<Worker> s3:* ${BUCKET}`,
        '<Worker> s3:* *',
      ],
    ],
    [
      'a policy inside its role',
      {
        Worker: {
          Type: 'AWS::IAM::Role',
          Properties: {
            Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' }] } }],
          },
        },
      },
      ['<Worker> iam:PassRole *'],
    ],
    [
      'a managed policy that nobody carries yet',
      {
        Spare: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { PolicyDocument: { Statement: { Effect: 'Allow', Action: 'sts:*', Resource: '*' } } },
        },
      },
      ['whoever carries <Spare> sts:* *'],
    ],
    [
      'the managed policies that a role carries',
      { Worker: { ...ROLE, Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] } } },
      ['<Worker> * of arn:aws:iam::aws:policy/AdministratorAccess *'],
    ],
    [
      'everything but some actions, and everything but some resources',
      {
        One: {
          Type: 'AWS::IAM::Policy',
          Properties: policy({ Effect: 'Allow', NotAction: 'iam:*', NotResource: BUCKET }),
        },
      },
      [`<Worker> * but iam:* * but ${BUCKET}`],
    ],
    [
      'whom a role trusts, and on what condition',
      {
        Worker: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: 'sts:AssumeRole',
                  Principal: { AWS: ['arn:aws:iam::1:root'], Service: 'lambda.amazonaws.com' },
                  Condition: { StringEquals: { 'aws:SourceAccount': '1' } },
                },
              ],
            },
          },
        },
      },
      [
        'arn:aws:iam::1:root sts:AssumeRole <Worker> (StringEquals aws:SourceAccount)',
        'lambda.amazonaws.com sts:AssumeRole <Worker> (StringEquals aws:SourceAccount)',
      ],
    ],
    [
      'the policy of a resource of a type nobody thought of, also as text',
      {
        Vault: {
          Type: 'AWS::New::Vault',
          Properties: {
            Access: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'new:Open', Resource: '*' }] },
          },
        },
        Logs: {
          Type: 'AWS::Logs::ResourcePolicy',
          Properties: {
            PolicyDocument: JSON.stringify({
              Statement: [{ Effect: 'Allow', NotPrincipal: { AWS: '1' }, Action: 'logs:PutLogEvents', Resource: '*' }],
            }),
          },
        },
      },
      ['* new:Open *', '* but 1 logs:PutLogEvents *'],
    ],
    [
      'who may invoke a function',
      {
        Door: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            Action: 'lambda:InvokeFunction',
            FunctionName: { Ref: 'F' },
            Principal: '*',
            SourceArn: BUCKET,
          },
        },
      },
      ['* lambda:InvokeFunction <F> (SourceArn)'],
    ],
    [
      'nothing in what is denied',
      { One: { Type: 'AWS::IAM::Policy', Properties: policy({ Effect: 'Deny', Action: '*', Resource: '*' }) } },
      [],
    ],
  ];
  for (const [what, resources, expected] of cases) {
    it(`sees ${what}`, () => assert.deepEqual(read(resources), expected));
  }
});
