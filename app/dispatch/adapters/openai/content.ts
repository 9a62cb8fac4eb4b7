import { cut } from '~/domain/payload.server'
import type { Answer } from './answer'
import { type Content, type Format, readAnswer, readToolCall } from './envelope'
import { Fault } from './fault'

/** What an answer comes to: an envelope in the arguments of a tool call, or its text; null where there is nothing. */
export function contentOf({ text, toolCalls, finishReason }: Answer, format: Format): Content {
  for (const call of toolCalls) {
    const content = call && readToolCall(call)
    if (content) return content
  }
  // what a model writes before it calls a tool is no result
  return finishReason === 'tool_calls' && !text.trimStart().startsWith('{') ? null : readAnswer(text, format)
}

/** These have sentences of their own, and the next answer would end so, too. */
const decided = new Set<string | null>(['length', 'content_filter'])

/** Why a whole answer is of no use; undefined where it is, or where asking again would not help. */
export function useless(answer: Answer, format: Format): Fault | undefined {
  const { toolCalls, refusal, finishReason } = answer
  if (decided.has(finishReason) || refusal.trim() !== '' || contentOf(answer, format)) return undefined
  const call = toolCalls.find(Boolean)
  return call
    ? broken(
        'tool_calls',
        `The model called the tool “${cut(call.name, 100)}” instead of answering, and there are no tools here: say so in the agent's instructions, or choose another model.`,
      )
    : broken('empty', 'The model gave an empty answer.')
}

const broken = (type: string, message: string) => new Fault(message, { type, passing: true, isBroken: true })
