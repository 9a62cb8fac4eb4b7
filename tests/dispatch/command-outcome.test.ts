import { describe, expect, it, test } from 'vitest'
import type { AgentEvent, RunOutcome } from '~/dispatch/adapters/adapter'
import { listen } from '~/dispatch/adapters/command/record'
import type { Ending } from '~/dispatch/adapters/command/run-process'
import { redaction } from '~/dispatch/adapters/redact/redaction'

/** What a program's lines come to by how it ended: the table of docs/decisions/0033-a-printed-result-is-kept.md. */

const ended = (ending: Partial<Ending>): Ending => ({
  exitCode: null,
  signal: null,
  endedBy: null,
  outputBytes: 10,
  ...ending,
})
const limits = { timeoutMs: 3000, maxBytes: 1000 }
const endings = {
  'exit 0': ended({ exitCode: 0 }),
  'exit 1': ended({ exitCode: 1 }),
  killed: ended({ signal: 'SIGKILL' }),
  'time limit': ended({ signal: 'SIGTERM', endedBy: 'timeLimit' }),
  'output limit': ended({ signal: 'SIGTERM', endedBy: 'output', outputBytes: 1001 }),
  cancel: ended({ signal: 'SIGTERM', endedBy: 'signal' }),
} as const
type How = keyof typeof endings

async function heard(written: unknown[], ending: Ending) {
  const events: AgentEvent[] = []
  const emit = async (event: AgentEvent) => {
    events.push(event)
  }
  const listener = listen({ emit, signal: new AbortController().signal }, redaction([]))
  for (const line of written) {
    await listener.stdout(typeof line === 'string' ? line : JSON.stringify(line))
  }
  return { outcome: listener.outcome(ending, limits, 5), events }
}

/** An outcome in a word, with what is handed in or kept. */
function inShort(outcome: RunOutcome): string {
  if (outcome.type === 'submit') return `submit ${outcome.result}`
  const kept = outcome.unsubmittedResult
  return kept === undefined ? outcome.type : `${outcome.type}, keeps ${kept}`
}

const result = { type: 'result', result: 1 }
const claude = { type: 'result', subtype: 'success', is_error: false, result: 'C', total_cost_usd: 2 }
const codexMessage = { type: 'item.completed', item: { type: 'agent_message', text: 'X' } }
const codexDone = { type: 'turn.completed', usage: { input_tokens: 7, output_tokens: 8 } }

const reported = (json: string): Record<How, string> => ({
  'exit 0': `submit ${json}`,
  'exit 1': `fail, keeps ${json}`,
  killed: `fail, keeps ${json}`,
  'time limit': `submit ${json}`,
  'output limit': `submit ${json}`,
  cancel: `submit ${json}`,
})

const table: { name: string; written: unknown[]; comesTo: Record<How, string> }[] = [
  { name: 'a result', written: [result], comesTo: reported('1') },
  {
    name: 'a result, then a failure',
    written: [result, { type: 'fail', reason: 'No way', retryable: false }],
    comesTo: {
      'exit 0': 'fail, keeps 1',
      'exit 1': 'fail, keeps 1',
      killed: 'fail, keeps 1',
      'time limit': 'fail, keeps 1',
      'output limit': 'fail, keeps 1',
      cancel: 'release, keeps 1',
    },
  },
  { name: 'two results', written: [{ ...result, result: 0 }, result], comesTo: reported('1') },
  {
    name: 'a question',
    written: [{ type: 'question', question: 'Which?' }],
    comesTo: {
      'exit 0': 'requestInput',
      'exit 1': 'fail',
      killed: 'fail',
      'time limit': 'requestInput',
      'output limit': 'requestInput',
      cancel: 'requestInput',
    },
  },
  {
    name: 'a result, then a question',
    written: [result, { type: 'question', question: 'Which?' }],
    comesTo: {
      'exit 0': 'requestInput, keeps 1',
      'exit 1': 'fail, keeps 1',
      killed: 'fail, keeps 1',
      'time limit': 'requestInput, keeps 1',
      'output limit': 'requestInput, keeps 1',
      cancel: 'requestInput, keeps 1',
    },
  },
  { name: 'Claude’s success', written: [claude], comesTo: reported('"C"') },
  {
    name: 'Codex’s message and the end of its turn',
    written: [codexMessage, codexDone],
    comesTo: reported('"X"'),
  },
  {
    name: 'Codex’s message in a turn that has not ended',
    written: [codexMessage],
    comesTo: {
      'exit 0': 'submit "X"',
      'exit 1': 'fail, keeps "X"',
      killed: 'fail, keeps "X"',
      'time limit': 'fail, keeps "X"',
      'output limit': 'fail, keeps "X"',
      cancel: 'release',
    },
  },
  {
    name: 'plain text',
    written: ['', '  one', 'two', ''],
    comesTo: {
      'exit 0': 'submit "  one\\ntwo"',
      'exit 1': 'fail, keeps "  one\\ntwo"',
      killed: 'fail, keeps "  one\\ntwo"',
      'time limit': 'fail, keeps "  one\\ntwo"',
      'output limit': 'fail, keeps "  one\\ntwo"',
      cancel: 'release',
    },
  },
  {
    name: 'a result that is cut',
    written: ['{"type":"result","result":"half'],
    comesTo: {
      'exit 0': 'fail',
      'exit 1': 'fail',
      killed: 'fail',
      'time limit': 'fail',
      'output limit': 'fail',
      cancel: 'release',
    },
  },
]

describe.each(table)('$name', ({ written, comesTo }) => {
  test.each(Object.keys(endings) as How[])('%s', async (how) => {
    const { outcome } = await heard(written, endings[how])
    expect(inShort(outcome)).toBe(comesTo[how])
  })
})

describe('what was said before', () => {
  it('keeps usage and cost, however it ends', async () => {
    for (const ending of Object.values(endings)) {
      expect((await heard([claude], ending)).outcome.usage).toMatchObject({ costUsd: 2, durationMs: 5 })
      const { outcome } = await heard([codexMessage, codexDone], ending)
      expect(outcome.usage).toMatchObject({ inputTokens: 7, outputTokens: 8 })
    }
  })

  it('puts an earlier result on the record when another replaces it', async () => {
    const { events } = await heard([{ ...result, result: 0 }, result, result], endings['exit 0'])
    expect(events).toEqual([
      { kind: 'call', message: 'An earlier result, which the next one replaced', responsePayload: '0' },
    ])
  })

  it('names how it failed, and what it had asked', async () => {
    const reason = async (written: unknown[], how: How) => {
      const { outcome } = await heard(written, endings[how])
      return outcome.type === 'fail' ? outcome.reason : outcome.type
    }
    const question = { type: 'question', question: 'Which?' }
    expect(await reason([question], 'exit 1')).toBe(
      'The program ended with exit code 1.\nIt had asked: Which?',
    )
    expect(await reason([result, { type: 'fail', reason: 'No way' }], 'time limit')).toBe('No way')
    expect(await reason([codexMessage], 'time limit')).toBe('The time limit of 3 s passed.')
  })

  it('keeps the beginning of endless text', async () => {
    const { outcome } = await heard(['x'.repeat(2_000_000)], endings['output limit'])
    const kept = outcome.type === 'fail' ? (outcome.unsubmittedResult ?? '') : ''
    expect(JSON.parse(kept)).toMatch(/^x{1000000}… \[cut: 1000000 more bytes\]$/)
  })
})

describe('Codex', () => {
  const error = { type: 'error', message: 'unexpected status 401 Unauthorized' }

  it.each([
    { name: 'exit 1', written: [error], how: 'exit 1', reason: error.message },
    { name: 'exit 0', written: [error], how: 'exit 0', reason: error.message },
    { name: 'half an answer before', written: [codexMessage, error], how: 'exit 0', reason: error.message },
  ] as const)('fails for the reason of its error: $name', async ({ written, how, reason }) => {
    expect((await heard([...written], endings[how])).outcome).toMatchObject({ type: 'fail', reason })
  })

  it('may get over an error, and over a failed turn', async () => {
    const failed = { type: 'turn.failed', error: { message: 'stream disconnected' } }
    for (const before of [error, failed]) {
      const { outcome } = await heard([before, codexMessage, codexDone], endings['exit 0'])
      expect(inShort(outcome)).toBe('submit "X"')
    }
    expect((await heard([error, codexMessage, codexDone], endings['exit 1'])).outcome).toMatchObject({
      reason: expect.stringContaining('exit code 1'),
    })
  })

  it('has not said its last word where another turn goes on', async () => {
    const more = { type: 'item.completed', item: { type: 'agent_message', text: 'Y' } }
    const { outcome } = await heard([codexMessage, codexDone, more], endings['time limit'])
    expect(inShort(outcome)).toBe('fail, keeps "X"')
  })

  it('says nothing of others: their error line leaves plain text a result', async () => {
    expect(inShort((await heard([error, 'fine'], endings['exit 0'])).outcome)).toBe('submit "fine"')
  })
})

describe('a line of the protocol that cannot be read', () => {
  it.each([
    '{"type":"result","result":"cut he',
    '{"type":"result","result":NaN}',
    '{"type": "result", "result": NaN}',
    '\uFEFF{"type":"result","result":1',
    '{ "type" : "question", "question": "Whi',
    '{"type":"fail","reason":"bad\ttab"}',
  ])('is a failure that names it: %s', async (line) => {
    const { outcome, events } = await heard(['text before', line], endings['exit 0'])
    expect(outcome).toMatchObject({ type: 'fail', retryable: true })
    expect(outcome.type === 'fail' && outcome.reason).toContain(line.replace('\uFEFF', ''))
    expect(events[1]).toMatchObject({ kind: 'call', message: expect.stringContaining('not valid JSON') })
  })

  it('is cut where it is long', async () => {
    const { outcome } = await heard([`{"type":"result","result":"${'x'.repeat(9000)}`], endings['exit 0'])
    expect(outcome.type === 'fail' && outcome.reason).toMatch(/x… \[cut: \d+ more bytes\]$/)
  })

  it('does not count where a good one follows, and keeps a good one before it', async () => {
    const cut = '{"type":"result","result":"half'
    expect(inShort((await heard([cut, result], endings['exit 0'])).outcome)).toBe('submit 1')
    expect(inShort((await heard([result, cut], endings['exit 0'])).outcome)).toBe('fail, keeps 1')
    expect(inShort((await heard([result, cut], endings['output limit'])).outcome)).toBe('fail, keeps 1')
  })

  it.each([
    '{"type":"log","message":"cut',
    '{"type":"progress","percent":NaN}',
    '{"type":"usage","inputTokens":-',
  ])('is no failure where it decides nothing: %s', async (line) => {
    expect(inShort((await heard([line, result], endings['exit 0'])).outcome)).toBe('submit 1')
    expect(inShort((await heard([line], endings['exit 0'])).outcome)).toBe(`submit ${JSON.stringify(line)}`)
  })

  it('is told by its beginning: JSON over several lines is plain text', async () => {
    const text = JSON.stringify({ type: 'result', result: [1, 2] }, null, 2)
    const { outcome } = await heard(text.split('\n'), endings['exit 0'])
    expect(inShort(outcome)).toBe(`submit ${JSON.stringify(text)}`)
  })

  it('may have a byte order mark before it, and a failure no reason', async () => {
    expect(inShort((await heard(['\uFEFF{"type":"result","result":1}'], endings['exit 0'])).outcome)).toBe(
      'submit 1',
    )
    expect(inShort((await heard(['\uFEFFplain'], endings['exit 0'])).outcome)).toBe('submit "plain"')
    for (const line of [{ type: 'fail' }, { type: 'fail', reason: null, retryable: 'no' }]) {
      expect((await heard(['text', line], endings['exit 0'])).outcome).toMatchObject({
        type: 'fail',
        reason: 'The agent reported a failure without a reason.',
        retryable: true,
      })
    }
  })
})
