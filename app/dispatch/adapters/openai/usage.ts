import { z } from 'zod'
import type { OpenaiConfig } from '~/domain/agents/config'
import type { Usage } from '../adapter'
import type { Answer } from './answer'

const count = z.int().nonnegative().optional().catch(undefined)

const reported = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
  /** DeepSeek's name for it. */
  prompt_cache_hit_tokens: count,
  /** In US dollars: OpenRouter and some gateways report it. */
  cost: z.number().nonnegative().optional().catch(undefined),
})

/** What an answer used and cost, so far as the server says. */
export function usageOf(answer: Answer, config: OpenaiConfig): Usage {
  const told = reported.parse(answer.usage ?? {})
  const tokens = {
    inputTokens: told.prompt_tokens,
    outputTokens: told.completion_tokens,
    cacheReadTokens: told.prompt_tokens_details?.cached_tokens ?? told.prompt_cache_hit_tokens,
  }
  const usage: Usage = {
    responseModel: answer.model,
    finishReason: answer.finishReason ?? undefined,
    ...tokens,
    ...cost(told.cost, tokens, config),
  }
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined))
}

function cost(
  told: number | undefined,
  { inputTokens, outputTokens, cacheReadTokens = 0 }: Usage,
  { inputPrice, outputPrice, cacheReadPrice = inputPrice }: OpenaiConfig,
): Pick<Usage, 'costUsd' | 'costSource'> {
  if (told !== undefined) return { costUsd: told, costSource: 'reported' }
  if (inputPrice === undefined || outputPrice === undefined || cacheReadPrice === undefined) return {}
  if (inputTokens === undefined || outputTokens === undefined) return {}
  const cached = Math.min(cacheReadTokens, inputTokens)
  const perMillion =
    (inputTokens - cached) * inputPrice + cached * cacheReadPrice + outputTokens * outputPrice
  return { costUsd: Number((perMillion / 1e6).toFixed(10)), costSource: 'estimated' }
}

const summed = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'costUsd'] as const

/** What several calls used together: counts and cost are added up, the rest is as the latest call has it. */
export function addedUsage(before: Usage, latest: Usage): Usage {
  const sums = summed.flatMap((name) => {
    const values = [before[name], latest[name]].filter((value) => value !== undefined)
    // sums of cents in binary are a hair off
    return values.length > 0 ? [[name, Number(values.reduce((sum, value) => sum + value).toFixed(10))]] : []
  })
  return { ...before, ...latest, ...Object.fromEntries(sums) }
}
