import { z } from 'zod'
import { beginning } from '~/domain/beginning'
import type { Usage } from '../adapter'
import type { Verdict } from './verdict'

/** What a line in another program's own JSON lines comes to in Docket's terms. */
export interface DialectLine {
  message: string
  usage?: Usage
  verdict?: Verdict
  draft?: string
  isDone?: true
  trouble?: string
}

type JsonObject = Record<string, unknown>

const tokens = z.int().nonnegative().optional().catch(undefined)

const claudeResult = z.object({
  type: z.literal('result'),
  subtype: z.string(),
  is_error: z.boolean().catch(false),
  result: z.string().optional(),
  total_cost_usd: z.number().nonnegative().optional().catch(undefined),
  duration_ms: z.number().nonnegative().optional().catch(undefined),
  usage: z
    .object({ input_tokens: tokens, output_tokens: tokens, cache_read_input_tokens: tokens })
    .optional()
    .catch(undefined),
  modelUsage: z.record(z.string(), z.unknown()).optional().catch(undefined),
})

const claudeTurn = z.object({
  type: z.literal('assistant'),
  message: z.object({
    content: z.array(
      z.object({ type: z.string(), text: z.string().optional(), name: z.string().optional() }).loose(),
    ),
  }),
})

/**
 * Claude Code's `--output-format stream-json` (or `json`): its turns and its last line, which has `subtype`
 * (`success`, `error_max_turns`, `error_during_execution`), `result`, `usage` and `total_cost_usd`.
 * Null for a line of any other kind. https://code.claude.com/docs/en/headless
 */
export function readClaude(line: JsonObject): DialectLine | null {
  const turn = claudeTurn.safeParse(line)
  if (turn.success) {
    const parts = turn.data.message.content.map(
      ({ type, text, name }) => text ?? (name ? `Uses ${name}` : type),
    )
    return { message: excerpt(parts.join('\n')) }
  }
  const { success, data } = claudeResult.safeParse(line)
  if (!success) return null
  const usage: Usage = withoutGaps({
    provider: 'anthropic',
    responseModel: Object.keys(data.modelUsage ?? {})[0],
    inputTokens: data.usage?.input_tokens,
    outputTokens: data.usage?.output_tokens,
    cacheReadTokens: data.usage?.cache_read_input_tokens,
    durationMs: data.duration_ms,
    costUsd: data.total_cost_usd,
    costSource: data.total_cost_usd === undefined ? undefined : 'reported',
    finishReason: data.subtype,
  })
  const failed = data.is_error || data.subtype.startsWith('error') || data.result === undefined
  return {
    message: `Claude ended: ${data.subtype}`,
    usage,
    verdict: failed
      ? {
          type: 'fail',
          reason: excerpt(data.result ?? `Claude ended with ${data.subtype}.`),
          retryable: true,
        }
      : { type: 'submit', result: JSON.stringify(data.result) },
  }
}

const codexLine = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('item.completed'),
    item: z
      .object({
        type: z.string(),
        text: z.string().optional(),
        command: z.string().optional(),
        message: z.string().optional(),
      })
      .loose(),
  }),
  z.object({
    type: z.literal('turn.completed'),
    usage: z.object({ input_tokens: tokens, cached_input_tokens: tokens, output_tokens: tokens }),
  }),
  z.object({ type: z.literal('turn.failed'), error: z.object({ message: z.string() }) }),
  z.object({ type: z.literal('error'), message: z.string() }),
])

/**
 * Codex's `exec --json`: the last `agent_message` is the answer once `turn.completed` follows, which carries the totals
 * of the whole thread so far; `turn.failed` is the end. `error` may be no more than a reconnect, so it is only the
 * reason where the run ends badly. Null for a line of any other kind.
 * https://developers.openai.com/codex/noninteractive
 */
export function readCodex(line: JsonObject): DialectLine | null {
  const { success, data } = codexLine.safeParse(line)
  if (!success) return null
  if (data.type === 'turn.failed') {
    const reason = excerpt(data.error.message)
    return { message: `Codex failed: ${reason}`, verdict: { type: 'fail', reason, retryable: true } }
  }
  if (data.type === 'error') {
    const trouble = excerpt(data.message)
    return { message: `Error: ${trouble}`, trouble }
  }
  if (data.type === 'turn.completed') {
    const { input_tokens, cached_input_tokens, output_tokens } = data.usage
    const usage = {
      inputTokens: input_tokens,
      cacheReadTokens: cached_input_tokens,
      outputTokens: output_tokens,
    }
    const message = 'Codex ended its turn'
    return { message, usage: withoutGaps({ provider: 'openai', ...usage }), isDone: true }
  }
  const { type, text, command, message } = data.item
  return {
    message: excerpt(text ?? (command ? `Ran ${command}` : (message ?? type))),
    ...(type === 'agent_message' && text ? { draft: JSON.stringify(text) } : {}),
  }
}

/** The whole is in the payload beside it. */
function excerpt(text: string): string {
  return text.length > 1000 ? `${beginning(text, 1000)}…` : text
}

function withoutGaps(usage: Usage): Usage {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined))
}
