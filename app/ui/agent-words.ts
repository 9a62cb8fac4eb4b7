import type { AgentKind } from '~db/vocabulary'
import { Sparkles, Terminal, Wrench } from './icons'

export const agentKindLooks = {
  toolbox: {
    Icon: Wrench,
    label: 'Toolbox',
    words: 'Built in and without a model: it does what a slash command says. There is nothing to set.',
  },
  command: {
    Icon: Terminal,
    label: 'Command',
    words: 'A program on this machine: a script, or a tool such as Claude Code. It gets the job on stdin.',
  },
  openai: {
    Icon: Sparkles,
    label: 'Model',
    words:
      'A language model behind an API that speaks OpenAI’s Chat Completions: in a cloud, or Ollama, llama-server, vLLM or LM Studio.',
  },
} as const satisfies Record<AgentKind, unknown>

/** As they are offered to somebody who makes one. */
export const offeredKinds: readonly AgentKind[] = ['openai', 'command', 'toolbox']
