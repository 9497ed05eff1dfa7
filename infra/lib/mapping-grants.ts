import * as iam from 'aws-cdk-lib/aws-iam';
import { scopePatterns } from './administered-scopes.ts';

/** What people and functions may be granted on a table of role mappings, wherever the table was made. */
export class MappingGrants {
  constructor(
    readonly tableArn: string,
    /** Where changes are told, with the images before and after. Not known of every table that was made elsewhere. */
    readonly streamArn?: string,
  ) {}

  /** May look rows up by key and by scope, as a function does; may not scan, and may not write. */
  grantReadMappings(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, ['BatchGetItem', 'Query']);
  }

  /** May read the whole table, as whoever plans or lints does; may not write. */
  grantReviewMappings(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, REVIEW);
  }

  /** May read and edit every row: an admin of every role Brevet may assume. */
  grantEditMappings(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, [...REVIEW, ...EDIT]);
  }

  /**
   * May read and edit the rows of these scopes, and of the groups below them, and no others: how a platform team hands a team its own
   * rows. A scope of the whole issuer is refused here; rows of scopes above, and deny rows in them, stay out of the team's reach.
   *
   * IAM sees a row's partition key, and neither its name nor its values. So within its scopes the team may also lift a deny row that
   * somebody else put there, and may name any role below Brevet's role path: put a deny that must hold into a scope above with a
   * condition on `project_id`, and let the trust policy of each role pin its projects, as `BrokeredRole` does.
   */
  grantAdministerScopes(grantee: iam.IGrantable, scopes: readonly string[]): iam.Grant {
    const keys = scopePatterns(scopes);
    return this.grant(grantee, [...ONE_ROW, ...EDIT], {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
      // For a request that names no key, which all of nothing is true of.
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
  }

  /** May follow the changes of the table; may not read it. */
  grantReadChanges(grantee: iam.IGrantable): iam.Grant {
    if (this.streamArn === undefined) {
      throw new Error('the stream of the table of role mappings is not known here');
    }
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
        (action) => `dynamodb:${action}`,
      ),
      resourceArns: [this.streamArn],
    });
  }

  private grant(
    grantee: iam.IGrantable,
    actions: readonly string[],
    conditions?: Record<string, Record<string, unknown>>,
  ): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `dynamodb:${action}`),
      resourceArns: [this.tableArn],
      conditions,
    });
  }
}

const ONE_ROW = ['GetItem', 'Query'];
const REVIEW = [...ONE_ROW, 'BatchGetItem', 'DescribeTable', 'Scan'];
/** Transactions ask for these as well; batches and PartiQL have actions of their own, which nobody is granted. */
const EDIT = ['PutItem', 'UpdateItem', 'DeleteItem'];
