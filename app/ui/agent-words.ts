import type { AgentKind } from '~db/vocabulary'
import { Terminal, Wrench } from './icons'

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
} as const satisfies Record<AgentKind, unknown>
