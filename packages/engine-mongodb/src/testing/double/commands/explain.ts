import { badValue } from '../command-error.ts';
import { planQuery } from '../query/plan.ts';
import { hinted, search } from '../query/search.ts';
import { sortFields } from '../query/sort.ts';
import { type Document, documentOf, textOf } from '../values/document.ts';
import type { CommandContext } from './context.ts';
import { findOf } from './queries.ts';

/** Of a `find`: its stages as far as tests look at them, and how many documents it had to look at. */
export function explain(context: CommandContext): Document {
  const command = documentOf(context.command.explain, 'explain');
  if (command.find === undefined) throw badValue('the test double explains find only');
  const name = textOf(command.find, 'find');
  const collection = context.store.ensure(context.database, name);
  const wanted = findOf({ ...context, command });
  const plan = planQuery(
    collection,
    wanted.filter,
    sortFields(wanted.sort ?? {}),
    hinted(collection, wanted.hint),
  );
  const { records, scanned } = search(collection, wanted);
  const { index } = plan;
  const access =
    index === undefined
      ? { stage: 'COLLSCAN' }
      : {
          stage: 'FETCH',
          inputStage: { stage: 'IXSCAN', indexName: index.spec.name, keyPattern: index.spec.key },
        };
  return {
    queryPlanner: {
      namespace: collection.namespace,
      winningPlan: plan.ordered ? access : { stage: 'SORT', inputStage: access },
    },
    executionStats: { executionSuccess: true, nReturned: records.length, totalDocsExamined: scanned },
  };
}
