import type { JobBrief } from './adapter'

/** What an agent is given to see whether it works. */
export const testJob: JobBrief = {
  id: 'test',
  name: 'Say hello',
  description: 'Say hello, in one short sentence.',
  acceptanceCriteria: 'The answer is a greeting',
  tags: [],
  metadata: {},
  attempt: 1,
  earlier: [],
}
