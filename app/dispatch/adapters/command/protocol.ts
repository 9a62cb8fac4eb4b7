import { z } from 'zod'
import { fieldText } from '~/domain/field-text'
import { wellFormedJson } from '~/domain/well-formed'
import type { AgentEvent, Usage } from '../adapter'
import type { Redaction } from '../redact/redaction'
import { readClaude, readCodex } from './dialects'
import { cut, maxLoggedLine } from './lines'
import type { Verdict } from './verdict'

/** What one line of an agent's stdout says. */
export interface Said {
  /** Text outside the protocol: together these lines are the result of a program that names none. */
  plain?: string
  event?: AgentEvent
  usage?: Usage
  /** How the agent wants the attempt to end. */
  verdict?: Verdict
  /** JSON text that is the result unless a verdict names another. */
  draft?: string
  /** The draft before it is the result. */
  isDone?: true
  /** What went wrong, in the program's words: the reason where it ends without a result. */
  trouble?: string
}

const text = z.string()
const count = z.int().nonnegative()

const usageFields = z.object({
  provider: text.optional(),
  requestModel: text.optional(),
  responseModel: text.optional(),
  inputTokens: count.optional(),
  outputTokens: count.optional(),
  cacheReadTokens: count.optional(),
  finishReason: text.optional(),
  durationMs: z.number().nonnegative().optional(),
  errorType: text.optional(),
  costUsd: z.number().nonnegative().optional(),
  costSource: z.enum(['reported', 'estimated']).optional(),
})

const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('log'), message: text }),
  z.object({
    type: z.literal('progress'),
    percent: z.number().min(0).max(100).optional(),
    message: text.optional(),
  }),
  z.object({ type: z.literal('usage') }).extend(usageFields.shape),
  z.object({ type: z.literal('result'), result: z.unknown().refine((result) => result !== undefined) }),
  z.object({ type: z.literal('question'), question: text.refine((question) => question.trim() !== '') }),
  z.object({
    type: z.literal('fail'),
    // a failure is one however badly it is told
    reason: text.catch('The agent reported a failure without a reason.'),
    retryable: z.boolean().catch(true),
  }),
])

/** How a line begins that decides how the attempt ends. */
const decisive = /^\{\s*"type"\s*:\s*"(result|question|fail)"/

/**
 * One line of stdout: a message of the protocol (examples/agents/README.md), a JSON object of the agent's own, which
 * is kept on the record as it is, or plain text. A line that begins as a result, question or failure and is not JSON
 * is an error. A byte order mark before it is left out. Never throws.
 */
export function readLine(raw: string, redact: Pick<Redaction, 'text' | 'json'>): Said {
  const bare = raw.startsWith('\uFEFF') ? raw.slice(1) : raw
  const found = readObject(bare)
  // before anything is cut: half a secret would not be known again
  const line = found ? redact.json(bare) : redact.text(bare)
  const object = line === bare ? found : readObject(line)
  const meant = object ? null : decisive.exec(line)?.[1]
  if (meant) return broken(line, meant)
  if (!object) return { plain: line, event: { kind: 'message', message: cut(line) } }
  const dialect = readClaude(object) ?? readCodex(object)
  if (dialect)
    return { ...dialect, event: { kind: 'call', message: dialect.message, responsePayload: payload(line) } }
  const own = message.safeParse(object)
  if (own.success) return readMessage(own.data, line)
  return {
    event: { kind: 'call', message: `The agent wrote: ${object.type}`, responsePayload: payload(line) },
  }
}

function readMessage(said: z.output<typeof message>, line: string): Said {
  switch (said.type) {
    case 'log':
      return { event: { kind: 'message', message: cut(said.message) } }
    case 'progress':
      return { event: { kind: 'progress', message: cut(progress(said.percent, said.message)) } }
    case 'usage': {
      const { type: _, ...fields } = said
      const usage: Usage =
        fields.costUsd === undefined ? fields : { ...fields, costSource: fields.costSource ?? 'reported' }
      return {
        usage,
        event: { kind: 'usage', message: 'Usage so far', responsePayload: JSON.stringify(usage) },
      }
    }
    case 'result':
      return { verdict: exactResult(line) }
    case 'question':
      return { verdict: { type: 'requestInput', question: said.question } }
    case 'fail':
      return { verdict: { type: 'fail', reason: cut(said.reason, 4096), retryable: said.retryable } }
  }
}

function readObject(line: string): ({ type: string } & Record<string, unknown>) | null {
  if (!line.trimStart().startsWith('{')) return null
  try {
    const value = JSON.parse(wellFormedJson(line)) as Record<string, unknown>
    return typeof value.type === 'string' ? { ...value, type: value.type } : null
  } catch {
    return null
  }
}

function broken(line: string, meant: string): Said {
  const reason = `The program wrote a ${meant} line that is not valid JSON: ${cut(line, 500)}`
  const responsePayload = JSON.stringify(cut(line))
  return {
    verdict: { type: 'broken', reason },
    event: { kind: 'call', message: `A ${meant} line that is not valid JSON`, responsePayload },
  }
}

/** JSON.parse rounds numbers past 2^53; the result goes on the record as it was written. */
function exactResult(line: string): Verdict {
  try {
    return { type: 'submit', result: fieldText(wellFormedJson(line), 'result') ?? 'null' }
  } catch {
    return { type: 'fail', reason: 'The result is nested too deeply.', retryable: false }
  }
}

/** The line as JSON text, also where it is too long to keep whole. */
function payload(line: string): string {
  return Buffer.byteLength(line) <= maxLoggedLine ? line : JSON.stringify(cut(line))
}

function progress(percent: number | undefined, message: string | undefined): string {
  if (percent === undefined) return message ?? 'Working'
  return message ? `${Math.round(percent)}%: ${message}` : `${Math.round(percent)}%`
}
