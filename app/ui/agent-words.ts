import type { AgentKind } from '~db/vocabulary'
import { Sparkles, Terminal, Wrench } from './icons'

export const agentKindLooks = {
  toolbox: {
    Icon: Wrench,
    label: 'Toolbox',
    words: 'Built in and without a model: it does what a slash command says, and has no settings.',
    settings: '{}',
  },
  command: {
    Icon: Terminal,
    label: 'Command',
    words:
      'A program on this machine. It gets the job as JSON on stdin; there is no shell. Only argv is needed; {root} in it is Docket’s folder, {work} the attempt’s own.',
    settings: `{
  "argv": ["program", "an argument"],
  "env": { "NAME": "value" },
  "cwd": "/a/folder",
  "timeoutSeconds": 1800,
  "maxOutputBytes": 5000000
}`,
  },
  openai: {
    Icon: Sparkles,
    label: 'Model',
    words:
      'A language model behind an API that speaks OpenAI’s Chat Completions: a cloud, or Ollama, llama-server, vLLM or LM Studio on this machine. Prices are in US dollars a million tokens.',
    settings: `{
  "baseUrl": "http://127.0.0.1:11434/v1",
  "model": "qwen3:8b",
  "apiKey": "...",
  "instructions": "You write short, plain reports.",
  "inputPrice": 0.25,
  "outputPrice": 2,
  "timeoutSeconds": 600
}`,
  },
} as const satisfies Record<AgentKind, unknown>
