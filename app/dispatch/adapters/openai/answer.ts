import { z } from 'zod'
import { Fault } from './fault'

/** The most of an answer that is taken, in characters. */
const maxAnswer = 5_000_000

const text = z.string().nullish().catch(null)

const textPart = z.object({ type: z.literal('text'), text: z.string() })
/** Text, or a list of parts of which some are text. */
const content = z
  .union([
    z.string(),
    z
      .array(z.unknown())
      .transform((parts) => parts.map((part) => textPart.safeParse(part).data?.text ?? '').join('')),
  ])
  .nullish()
  .catch(null)

const calledFunction = z.object({ name: text, arguments: text }).nullish().catch(null)
const toolCalls = z
  .array(z.object({ index: z.int().nonnegative().max(99).catch(0), function: calledFunction }))
  .nullish()
  .catch(null)

const said = z
  .object({
    content,
    refusal: text,
    reasoning_content: text,
    reasoning: text,
    tool_calls: toolCalls,
    // the older form
    function_call: calledFunction,
  })
  .nullish()
  .catch(null)

/** A chunk of a stream, or a whole answer. Servers differ: what is not as it should be counts as not there. */
const chunkShape = z.object({
  model: z.string().optional().catch(undefined),
  choices: z
    .array(z.object({ delta: said, message: said, finish_reason: text }))
    .catch([])
    .default([]),
  usage: z.record(z.string(), z.unknown()).nullish().catch(null),
})

/** What stands for `[DONE]`, by which a stream ends. */
export const done = Symbol('[DONE]')

/** A tool that a model wants to be called. */
export interface ToolCall {
  name: string
  /** JSON text, if the model keeps to the protocol. */
  arguments: string
}

/** What a model said, whole. */
export interface Answer {
  text: string
  /** By their index; there may be holes. */
  toolCalls: ToolCall[]
  refusal: string
  reasoningCharacters: number
  /** null: it did not come to its end. */
  finishReason: string | null
  model: string | undefined
  /** As the server reports it. */
  usage: Record<string, unknown> | null
}

/** Puts an answer together from its chunks. */
export class Gathered implements Answer {
  text = ''
  toolCalls: ToolCall[] = []
  /** Whether the server said that there is no more. */
  isDone = false
  refusal = ''
  reasoningCharacters = 0
  finishReason: string | null = null
  model: string | undefined
  usage: Record<string, unknown> | null = null

  /** @throws {Fault} where the answer grows too long */
  add(chunk: unknown): void {
    if (chunk === done) this.isDone = true
    const read = chunkShape.safeParse(chunk)
    if (!read.success) return
    const [choice] = read.data.choices
    const part = choice?.delta ?? choice?.message
    // a message is whole: at the end of a stream it says again what came in pieces
    this.text = choice?.delta ? this.text + (part?.content ?? '') : part?.content || this.text
    for (const { index, function: called } of part?.tool_calls ?? []) this.#call(index, called)
    this.#call(0, part?.function_call)
    this.refusal += part?.refusal ?? ''
    this.reasoningCharacters += (part?.reasoning_content ?? part?.reasoning ?? '').length
    this.finishReason = choice?.finish_reason ?? this.finishReason
    this.model ??= read.data.model
    this.usage = read.data.usage ?? this.usage
    if (this.#length() > maxAnswer) {
      const limit = maxAnswer.toLocaleString('en')
      throw new Fault(`The model wrote more than ${limit} characters.`, { type: 'too_long', passing: false })
    }
  }

  #call(index: number, called: z.output<typeof calledFunction>) {
    if (!called) return
    const call = this.toolCalls[index]
    if (!call) this.toolCalls[index] = { name: called.name ?? '', arguments: called.arguments ?? '' }
    else call.arguments += called.arguments ?? ''
    this.#argumentsLength += called.arguments?.length ?? 0
  }

  #argumentsLength = 0
  #length = () => this.text.length + this.reasoningCharacters + this.refusal.length + this.#argumentsLength
}
