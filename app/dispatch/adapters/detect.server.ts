import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import type { CommandConfigInput } from '~/domain/agents/config'
import { localCommand } from '~/domain/agents/examples'
import { type KnownServer, knownServers, modelServers } from './openai/servers'

/** An agent that could be made: what the form for a new one is filled with. */
export type Suggestion = { name: string; description: string } & (
  | { kind: 'command'; config: CommandConfigInput; models?: undefined }
  /** `models`: what the server has; the first of them is in `config`. */
  | { kind: 'openai'; config: { baseUrl: string; model: string }; models: string[] }
)

/**
 * How each agent is asked to do one job without a person: all read the job from stdin (aider from the same file).
 * None is given leave beyond what its own defaults allow; who wants more adds it to argv.
 */
const known: readonly { program: string; name: string; description: string; config: CommandConfigInput }[] = [
  {
    program: 'claude',
    name: 'Claude Code',
    description:
      'Claude Code in print mode. It uses tools only as far as its settings allow: add --allowedTools or --permission-mode to argv for more, and ANTHROPIC_API_KEY to env where it is not signed in.',
    config: { argv: ['claude', '-p', '--output-format', 'stream-json', '--verbose'] },
  },
  {
    program: 'codex',
    name: 'Codex',
    description:
      'OpenAI Codex, non-interactive; its sandbox lets it write in its own work folder only. Add CODEX_API_KEY to env where it is not signed in.',
    config: {
      argv: ['codex', 'exec', '--json', '--skip-git-repo-check', '--sandbox', 'workspace-write', '-'],
    },
  },
  {
    program: 'aider',
    name: 'aider',
    description:
      'aider with one message; its reply is the result. Set cwd to a repository (and take out --no-git) to have it edit one, and add your model key to env.',
    config: {
      argv: [
        'aider',
        '--message-file',
        '{work}/job.json',
        '--yes-always',
        '--no-git',
        '--no-pretty',
        '--no-stream',
        '--no-check-update',
        '--no-suggest-shell-commands',
      ],
    },
  },
]

/**
 * The agents this machine could run: the known programs that are on PATH, the servers of models that answer on
 * loopback within half a second, then Docket's own example. Starts nothing.
 */
export async function detectAgents(
  path = process.env.PATH ?? '',
  servers: readonly KnownServer[] = knownServers,
): Promise<Suggestion[]> {
  const [programs, found] = await Promise.all([programsOn(path), modelServers(servers)])
  const models = found.map((server) => ({ kind: 'openai' as const, ...server }))
  return [...programs, ...models, { kind: 'command', ...localCommand }]
}

async function programsOn(path: string): Promise<Suggestion[]> {
  const folders = path.split(delimiter).filter(isAbsolute)
  const found = await Promise.all(
    known.map(async ({ program, ...suggestion }) => {
      const there = await Promise.all(folders.map((folder) => isExecutable(join(folder, program))))
      return there.includes(true) ? [{ kind: 'command' as const, ...suggestion }] : []
    }),
  )
  return found.flat()
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}
