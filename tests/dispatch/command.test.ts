import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { adapters } from '~/dispatch/adapters'
import type { AgentEvent, EarlierAttempt, RunContext } from '~/dispatch/adapters/adapter'
import { command } from '~/dispatch/adapters/command'
import { cut, lineSplitter } from '~/dispatch/adapters/command/lines'
import { identityOf } from '~/dispatch/adapters/command/process-table'
import { lookForDescendants } from '~/dispatch/adapters/command/processes'
import { readLine } from '~/dispatch/adapters/command/protocol'
import { detectAgents } from '~/dispatch/adapters/detect.server'
import { redaction } from '~/dispatch/adapters/redact/redaction'
import { type CommandConfigInput, parseAgentConfig } from '~/domain/agents/config'
import { localCommand } from '~/domain/agents/examples'
import { until } from '../support/until'

let workRoot: string
beforeEach(async () => {
  workRoot = await mkdtemp(join(tmpdir(), 'docket-command-'))
})
afterEach(async () => {
  await rm(workRoot, { recursive: true, force: true })
})

interface Options extends Partial<Omit<RunContext, 'job'>> {
  config?: Partial<CommandConfigInput>
  job?: Partial<RunContext['job']>
  onEvent?: (event: AgentEvent) => void | Promise<void>
}

/** Runs a program as an attempt and gathers what it says. */
async function run(argv: string[], { config, job, onEvent, ...context }: Options = {}) {
  const events: AgentEvent[] = []
  const outcome = await command.run({
    job: {
      id: 'job-1',
      name: 'A job',
      description: 'Do it.\nWell.',
      acceptanceCriteria: 'Done',
      tags: [],
      metadata: {},
      attempt: 1,
      earlier: [],
      ...job,
    },
    attemptId: `test-${crypto.randomUUID()}`,
    agentName: 'Test',
    config: { argv, ...config },
    workRoot,
    timeoutMs: null,
    signal: new AbortController().signal,
    emit: async (event) => {
      await onEvent?.(event)
      events.push(event)
    },
    ...context,
  })
  const said = events.filter(
    ({ requestPayload, message }) => !requestPayload && !/ ended (with|by) /.test(message ?? ''),
  )
  return { outcome, events, said, messages: said.map(({ message }) => message) }
}

const node = (script: string) => [process.execPath, '-e', script]
const sh = (script: string) => ['/bin/sh', '-c', script]
/** A program that writes these lines and ends well. */
const lines = (...written: unknown[]) =>
  node(
    `process.stdout.write(${JSON.stringify(written.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))})`,
  )

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A dead process that nobody has collected counts as gone. */
async function isGone(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return true
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X')
  return /\) [ZX]/.test(status)
}

it('a result is taken from a program that ended while its lines could not be recorded', async () => {
  const outageMs = 1_500
  const program = `console.log('one'); setTimeout(() => console.log(JSON.stringify({ type: 'result', result: 'kept' })), 50)`
  const onEvent = async ({ message }: AgentEvent) => {
    if (message === 'one') await pause(outageMs)
  }
  const { outcome } = await run(node(program), { onEvent, timeoutMs: 1_000 })
  expect(outcome).toMatchObject({ type: 'submit', result: '"kept"' })
})

describe('what a program is given', () => {
  it('reads the job as JSON on stdin, and as files in its own folder', async () => {
    const script = `
      const fs = require('node:fs')
      const input = JSON.parse(fs.readFileSync(0, 'utf8'))
      const file = JSON.parse(fs.readFileSync('job.json', 'utf8'))
      const text = fs.readFileSync('description.txt', 'utf8')
      const mode = (fs.statSync('.').mode & 0o777).toString(8)
      console.log(JSON.stringify({ type: 'result', result: { input, same: JSON.stringify(file) === JSON.stringify(input), text, mode, cwd: process.cwd() } }))`
    const earlier: EarlierAttempt[] = [
      {
        number: 1,
        outcome: 'WAITING',
        result: null,
        error: null,
        question: 'Q?',
        answer: 'A',
        feedback: null,
      },
    ]
    const attemptId = `test-${crypto.randomUUID()}`
    const { outcome, events } = await run(node(script), { job: { attempt: 2, earlier }, attemptId })
    expect(outcome.type).toBe('submit')
    const result = outcome.type === 'submit' ? JSON.parse(outcome.result) : null
    expect(result).toMatchObject({ same: true, text: 'Do it.\nWell.', mode: '700' })
    expect(result.cwd).toContain(attemptId)
    expect(result.input).toMatchObject({ protocol: 1, id: 'job-1', name: 'A job', attempt: 2, earlier })
    expect(JSON.parse(events[0]?.requestPayload ?? '')).toMatchObject({
      stdin: result.input,
      cwd: join(workRoot, attemptId),
    })
    expect(await readdir(workRoot)).toEqual(['.groups'])
    expect(await readdir(join(workRoot, '.groups'))).toEqual([])
  })

  it('gets hardly any of the environment', async () => {
    vi.stubEnv('SESSION_SECRET', 'top secret')
    vi.stubEnv('LC_ALL', 'C')
    const { outcome } = await run(node('console.log(JSON.stringify({type:"result",result:process.env}))'), {
      config: { env: { MY_SETTING: 'x' } },
      attemptId: 'test-environment',
    })
    vi.unstubAllEnvs()
    const env = outcome.type === 'submit' ? JSON.parse(outcome.result) : {}
    expect(env).toMatchObject({
      MY_SETTING: 'x',
      LC_ALL: 'C',
      DOCKET_JOB_ID: 'job-1',
      DOCKET_ATTEMPT: 'test-environment',
    })
    const known = /^(PATH|HOME|LANG|LC_.*|TZ|TMPDIR|TERM|MY_SETTING|DOCKET_(JOB_ID|ATTEMPT|WORK))$/
    expect(Object.keys(env).filter((name) => !known.test(name))).toEqual([])
  })

  it('is run without a shell, with {root} and {work} filled in', async () => {
    const { outcome } = await run([
      ...node('console.log(process.argv.slice(1).join("|"))'),
      '{root}/x',
      '{work}',
      '$HOME; *',
      '{other}',
    ])
    const text = outcome.type === 'submit' ? JSON.parse(outcome.result) : ''
    expect(text).toMatch(
      new RegExp(`^${process.cwd()}/x\\|${workRoot}/test-[^|]+\\|\\$HOME; \\*\\|\\{other\\}$`),
    )
  })

  it('runs where its settings say', async () => {
    const there = await mkdtemp(join(tmpdir(), 'docket-there-'))
    const { outcome } = await run(node('console.log(process.cwd())'), { config: { cwd: there } })
    expect(outcome).toMatchObject({ type: 'submit', result: JSON.stringify(there) })
    await rm(there, { recursive: true })
    expect((await run(node(''), { config: { cwd: there } })).outcome).toMatchObject({
      type: 'fail',
      retryable: false,
      reason: `The folder it should run in, ${there}, does not exist.`,
    })
  })

  it('need not read its input', async () => {
    const description = 'x'.repeat(1_000_000)
    expect((await run(sh('exec 0<&-; echo done'), { job: { description } })).outcome).toMatchObject({
      result: '"done"',
    })
  })
})

describe('what a program says', () => {
  it('becomes events in order, and a result', async () => {
    const { outcome, said } = await run(
      lines(
        { type: 'log', message: 'one' },
        'two',
        { type: 'progress', percent: 40, message: 'three' },
        { type: 'usage', inputTokens: 5, costUsd: 0.25 },
        { type: 'usage', outputTokens: 7 },
        { type: 'thinking', about: 'four' },
        { type: 'result', result: { ok: true } },
      ),
    )
    expect(said).toMatchObject([
      { kind: 'message', message: 'one' },
      { kind: 'message', message: 'two' },
      { kind: 'progress', message: '40%: three' },
      { kind: 'usage' },
      { kind: 'usage' },
      {
        kind: 'call',
        message: 'The agent wrote: thinking',
        responsePayload: '{"type":"thinking","about":"four"}',
      },
    ])
    expect(outcome).toMatchObject({
      type: 'submit',
      result: '{"ok":true}',
      usage: {
        inputTokens: 5,
        outputTokens: 7,
        costUsd: 0.25,
        costSource: 'reported',
        durationMs: expect.any(Number),
      },
    })
  })

  it('keeps numbers of a result digit for digit', async () => {
    const result = '{"id":12345678901234567890,"price":1.50,"list":[1e400]}'
    expect((await run(lines(`{"type":"result","result":${result}}`))).outcome).toMatchObject({
      type: 'submit',
      result,
    })
  })

  it('takes a result longer than any log line', async () => {
    const long = 'ü'.repeat(500_000)
    const { outcome, said } = await run(
      node(`console.log(JSON.stringify({type:'result',result:'ü'.repeat(500000)}))`),
    )
    expect(outcome).toMatchObject({ type: 'submit', result: JSON.stringify(long) })
    expect(said).toEqual([])
  })

  it('is the result as it stands where no line names one', async () => {
    const { outcome, messages } = await run(
      lines('First', '', '\u001b[31mSecond\u001b[0m', '{"no":"type"}', '{broken'),
    )
    expect(outcome).toMatchObject({
      type: 'submit',
      result: JSON.stringify('First\n\nSecond\n{"no":"type"}\n{broken'),
    })
    expect(messages).toEqual(['First', 'Second', '{"no":"type"}', '{broken'])
  })

  it('may be a question', async () => {
    expect((await run(lines({ type: 'question', question: 'Which?' }))).outcome).toMatchObject({
      type: 'requestInput',
      question: 'Which?',
    })
  })

  it('may be a failure, which counts whatever the exit code', async () => {
    const fail = JSON.stringify({ type: 'fail', reason: 'No way', retryable: false })
    for (const code of [0, 4]) {
      expect((await run(sh(`echo '${fail}'; exit ${code}`))).outcome).toMatchObject({
        type: 'fail',
        reason: 'No way',
        retryable: false,
      })
    }
  })

  it('is judged by its last word', async () => {
    const written = [
      { type: 'result', result: 1 },
      { type: 'question', question: 'Q?' },
      { type: 'result', result: 2 },
    ]
    expect((await run(lines(...written))).outcome).toMatchObject({ type: 'submit', result: '2' })
  })

  it('on stderr is marked as that', async () => {
    const { messages } = await run(sh('echo oops >&2; echo fine'))
    expect(messages).toEqual(expect.arrayContaining(['stderr: oops', 'fine']))
  })

  it('is redacted where it repeats a secret of its settings', async () => {
    const { outcome, events } = await run(sh('echo "the key is $API_KEY"'), {
      config: { env: { API_KEY: 'sk-12345678' } },
    })
    expect(outcome).toMatchObject({ result: '"the key is [redacted]"' })
    expect(JSON.stringify(events)).not.toContain('sk-12345678')
  })

  it('is waited for: a slow record holds the program up instead of piling up', async () => {
    let recording = 0
    const { messages } = await run(lines(...Array.from({ length: 50 }, (_, index) => `line ${index}`)), {
      onEvent: async () => {
        expect(++recording).toBe(1)
        await new Promise(setImmediate)
        recording--
      },
    })
    expect(messages).toEqual(Array.from({ length: 50 }, (_, index) => `line ${index}`))
  })

  it('does not fill the log with a million lines', async () => {
    const { outcome, said } = await run(node('for (let i = 1; i <= 20000; i++) console.log(i)'))
    expect(said).toHaveLength(5001)
    expect(said.at(-1)?.message).toContain('more than 5000 lines')
    expect(outcome.type === 'submit' && outcome.result.endsWith('20000"')).toBe(true)
  })
})

describe('other programs’ JSON lines', () => {
  it('of Claude Code give its answer, usage and cost', async () => {
    const { outcome, messages } = await run(
      lines(
        { type: 'system', subtype: 'init', session_id: 's' },
        {
          type: 'assistant',
          message: {
            content: [
              { type: 'text', text: 'Let me see' },
              { type: 'tool_use', name: 'Bash', input: {} },
            ],
          },
        },
        {
          type: 'result',
          subtype: 'success',
          is_error: false,
          result: 'Hello',
          duration_ms: 1200,
          total_cost_usd: 0.0123,
          usage: {
            input_tokens: 10,
            output_tokens: 20,
            cache_read_input_tokens: 30,
            service_tier: 'standard',
          },
          modelUsage: { 'claude-x': {} },
        },
      ),
    )
    expect(messages).toEqual(['The agent wrote: system', 'Let me see\nUses Bash', 'Claude ended: success'])
    expect(outcome).toEqual({
      type: 'submit',
      result: '"Hello"',
      usage: {
        provider: 'anthropic',
        responseModel: 'claude-x',
        inputTokens: 10,
        outputTokens: 20,
        cacheReadTokens: 30,
        durationMs: 1200,
        costUsd: 0.0123,
        costSource: 'reported',
        finishReason: 'success',
      },
    })
  })

  it.each([
    { subtype: 'error_max_turns', is_error: false },
    { subtype: 'success', is_error: true, result: 'Invalid API key' },
  ])('of Claude Code tell a failure: $subtype', async (ending) => {
    expect((await run(lines({ type: 'result', total_cost_usd: 0, ...ending }))).outcome).toMatchObject({
      type: 'fail',
      retryable: true,
      reason: ending.result ?? 'Claude ended with error_max_turns.',
    })
  })

  it('of Codex give its last message and its usage', async () => {
    const { outcome } = await run(
      lines(
        { type: 'thread.started', thread_id: 't' },
        { type: 'item.completed', item: { id: '1', type: 'command_execution', command: 'ls' } },
        { type: 'item.completed', item: { id: '2', type: 'agent_message', text: 'Done.' } },
        { type: 'turn.completed', usage: { input_tokens: 9, cached_input_tokens: 4, output_tokens: 2 } },
      ),
    )
    expect(outcome).toMatchObject({
      type: 'submit',
      result: '"Done."',
      usage: { provider: 'openai', inputTokens: 9, cacheReadTokens: 4, outputTokens: 2 },
    })
    expect((await run(lines({ type: 'turn.failed', error: { message: 'limit' } }))).outcome).toMatchObject({
      type: 'fail',
      reason: 'limit',
    })
  })
})

describe('how a program ends', () => {
  it('with another exit code, it fails with its last words and may be tried again', async () => {
    expect((await run(sh('echo one >&2; echo two >&2; exit 3'))).outcome).toMatchObject({
      type: 'fail',
      retryable: true,
      reason: 'The program ended with exit code 3. The last lines of stderr:\none\ntwo',
    })
    expect((await run(sh('kill -9 $$'))).outcome).toMatchObject({
      reason: 'The program was ended by SIGKILL.',
    })
  })

  it('with nothing said, it fails and may be tried again', async () => {
    expect((await run(node(''))).outcome).toMatchObject({
      type: 'fail',
      retryable: true,
      reason: 'The program ended without a result.',
    })
  })

  it('cannot begin: it says why, and is not tried again', async () => {
    expect((await run(['no-such-program-here'])).outcome).toMatchObject({
      type: 'fail',
      retryable: false,
      reason: 'The program “no-such-program-here” was not found. Is it installed, and on the PATH of Docket?',
    })
    expect((await run([join(process.cwd(), 'package.json')])).outcome).toMatchObject({
      retryable: false,
      reason: expect.stringContaining('may not be executed'),
    })
    expect(await readdir(workRoot)).toEqual(['.groups'])
  })

  it('by the shorter time limit', async () => {
    const forever = node('console.log("up"); setInterval(() => {}, 1000)')
    const limited = { type: 'fail', retryable: true, reason: 'The time limit of 0.3 s passed.' }
    expect((await run(forever, { timeoutMs: 300 })).outcome).toMatchObject(limited)
    expect((await run(forever, { timeoutMs: 60_000, config: { timeoutSeconds: 1 } })).outcome).toMatchObject({
      reason: 'The time limit of 1 s passed.',
    })
  })

  it('by the time limit, with a result before: it counts, whatever it says when it is ended', async () => {
    const hang = 'setInterval(() => {}, 1000)'
    const { outcome, events } = await run(
      node(`
        process.on('SIGTERM', () => { console.log('{"type":"fail","reason":"terminated"}'); process.exit(1) })
        console.log('{"type":"result","result":1}'); ${hang}`),
      { timeoutMs: 500 },
    )
    expect(outcome).toMatchObject({ type: 'submit', result: '1' })
    expect(events.at(-1)?.message).toMatch(/ s: Docket ended it at its limit, and its result counts$/)
  })

  it('by writing too much', async () => {
    const { outcome } = await run(node('for (;;) require("node:fs").writeSync(1, "x".repeat(1000))'), {
      config: { maxOutputBytes: 100_000 },
    })
    expect(outcome).toMatchObject({
      type: 'fail',
      retryable: false,
      reason: 'It wrote more than 100,000 bytes, the limit set for this agent.',
    })
  })

  it('when it is called off: the whole group, at once', async () => {
    const controller = new AbortController()
    let pids: number[] = []
    const { outcome } = await run(sh('sleep 300 & echo "$$ $!"; wait'), {
      signal: controller.signal,
      onEvent: ({ kind, message }) => {
        if (kind !== 'message') return
        pids = message?.split(' ').map(Number) ?? []
        controller.abort()
      },
    })
    expect(outcome.type).toBe('release')
    expect(pids).toHaveLength(2)
    for (const pid of pids) expect(await isGone(pid)).toBe(true)
  })

  it('when it is called off and will not listen: by force after two seconds', async () => {
    const controller = new AbortController()
    let pid = 0
    const started = performance.now()
    const { outcome } = await run(
      node('process.on("SIGTERM", () => {}); console.log(process.pid); setInterval(() => {}, 1000)'),
      {
        signal: controller.signal,
        onEvent: ({ kind, message }) => {
          if (kind !== 'message') return
          pid = Number(message)
          controller.abort()
        },
      },
    )
    expect(outcome.type).toBe('release')
    expect(await isGone(pid)).toBe(true)
    expect(performance.now() - started).toBeGreaterThan(1900)
  })

  it.each([
    { name: 'a result it was asked to end with', last: '{"type":"result","result":1}', type: 'submit' },
    { name: 'no result, but text', last: 'half of it', type: 'release' },
    {
      name: 'a result, then no end of words',
      last: '{"type":"result","result":1}',
      flood: true,
      type: 'submit',
    },
    { name: 'a failure', last: '{"type":"fail","reason":"r"}', type: 'release' },
  ])('when it is called off, with $name: it counts as $type', async ({ last, flood, type }) => {
    const controller = new AbortController()
    const { outcome, messages } = await run(
      node(`
        process.on('SIGTERM', () => {
          console.log('stopping')
          console.log(${JSON.stringify(last)})
          process.stdout.write('x'.repeat(${flood ? 200_000 : 0}), () => process.exit(1))
        })
        console.log('up'); setInterval(() => {}, 1000)`),
      {
        signal: controller.signal,
        config: { maxOutputBytes: 100_000 },
        onEvent: ({ kind }) => {
          if (kind === 'message') controller.abort()
        },
      },
    )
    expect(outcome.type).toBe(type)
    expect(messages).toEqual(['up'])
  })

  it('when the lease is lost, with a result: that is not lost', async () => {
    const { outcome } = await run(
      node(`
        process.on('SIGTERM', () => { console.log('{"type":"result","result":1}'); process.exit(0) })
        console.log('up'); setInterval(() => {}, 1000)`),
      {
        onEvent: ({ kind }) => {
          if (kind === 'message') throw new Error('lease lost')
        },
      },
    )
    expect(outcome).toMatchObject({ type: 'submit', result: '1' })
  })

  it('does not begin when it was called off before', async () => {
    const { outcome, events } = await run(lines('x'), { signal: AbortSignal.abort() })
    expect([outcome.type, events]).toEqual(['release', []])
  })

  it('when the lease is lost: nothing more is recorded', async () => {
    let tried = 0
    const { outcome } = await run(node('setInterval(() => console.log("still here"), 1)'), {
      onEvent: () => {
        if (++tried === 3) throw new Error('lease lost')
        expect(tried).toBeLessThan(3)
      },
    })
    expect(outcome.type).toBe('release')
    expect(tried).toBe(3)
  })

  it('takes with it what it left running, even outside its group', async () => {
    const { outcome } = await run(
      node(`
        const { spawn } = require('node:child_process')
        const children = [false, true].map((detached) => spawn('sleep', ['300'], { detached, stdio: 'inherit' }))
        for (const child of children) child.unref()
        console.log(JSON.stringify({ type: 'result', result: children.map(({ pid }) => pid) }))`),
    )
    const pids: number[] = outcome.type === 'submit' ? JSON.parse(outcome.result) : []
    expect(pids).toHaveLength(2)
    expect(await isGone(pids[0] ?? 0)).toBe(true)
    if (process.platform === 'linux') expect(await isGone(pids[1] ?? 0)).toBe(true)
    else process.kill(pids[1] ?? 0)
  })

  describe.skipIf(process.platform !== 'linux')(
    'with a process in a session and an environment of its own',
    () => {
      const orphan = 'env -i PATH="$PATH" setsid sleep 300 & echo "$$ $!"'
      const pidsOf = (message = '') => message.split(' ').map(Number)

      it('when it is called off: that one is ended too', async () => {
        const controller = new AbortController()
        let pids: number[] = []
        await run(sh(`${orphan}; wait`), {
          signal: controller.signal,
          onEvent: async ({ kind, message }) => {
            if (kind !== 'message') return
            pids = pidsOf(message)
            await until(async () => (await readFile(`/proc/${pids[1]}/cmdline`, 'utf8')).startsWith('sleep'))
            controller.abort()
          },
        })
        expect(await Promise.all(pids.map(isGone))).toEqual([true, true])
      })

      it('after its parent has ended, where it was seen before, also by the next server', async () => {
        let pids: number[] = []
        let noted: unknown
        const attemptId = `test-${crypto.randomUUID()}`
        await run(sh(`${orphan}; until [ -e go ]; do sleep 0.02; done`), {
          attemptId,
          onEvent: async ({ kind, message }) => {
            if (kind !== 'message') return
            pids = pidsOf(message)
            await until(async () => (await readFile(`/proc/${pids[1]}/cmdline`, 'utf8')).startsWith('sleep'))
            lookForDescendants()
            const strays = async () =>
              JSON.parse(await readFile(join(workRoot, '.groups', `${attemptId}.json`), 'utf8')).strays
            await until(async () => (await strays()).length === 1)
            noted = await strays()
            await writeFile(join(workRoot, attemptId, 'go'), '')
          },
        })
        expect(noted).toEqual([{ pid: pids[1], identity: expect.stringContaining('/') }])
        expect(await Promise.all(pids.map(isGone))).toEqual([true, true])
        expect(await readdir(join(workRoot, '.groups'))).toEqual([])
      })
    },
  )
})

describe('a server that was killed', () => {
  /** The adapter in a process of its own, as it is in a server; resolves with what its agent said. */
  async function startServer(): Promise<{ server: ChildProcess; said: string }> {
    const script = join(workRoot, '.server.mts')
    await writeFile(
      script,
      `import { command } from ${JSON.stringify(join(process.cwd(), 'app/dispatch/adapters/command.ts'))}
       void command.run({
         job: { id: 'j', name: 'n', description: 'd', acceptanceCriteria: 'a', attempt: 1, earlier: [] },
         attemptId: 'attempt-' + process.pid, agentName: 'Test', workRoot: ${JSON.stringify(workRoot)}, timeoutMs: null,
         config: { argv: ['/bin/sh', '-c', 'sleep 300 & echo "$$ $!"; wait'] },
         signal: new AbortController().signal,
         emit: async ({ kind, message }: { kind: string; message?: string }) => { if (kind === 'message') console.log(message) },
       })`,
    )
    const server = spawn(process.execPath, ['--import', 'tsx', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = await once(server.stdout as NodeJS.ReadableStream, 'data')
    return { server, said: String(said) }
  }

  it('leaves processes and a folder behind, which the next one ends and removes', async () => {
    const [killed, running] = await Promise.all([startServer(), startServer()])
    const [killedPids = [], runningPids = []] = [killed, running].map(({ said }) =>
      said.trim().split(' ').map(Number),
    )
    const exited = once(killed.server, 'exit')
    killed.server.kill('SIGKILL')
    await exited
    expect(killedPids.map(isAlive)).toEqual([true, true])
    await mkdir(join(workRoot, 'left-over'))

    await command.cleanUp?.(workRoot)

    expect(await Promise.all(killedPids.map(isGone))).toEqual([true, true])
    // what belongs to a server that still runs is left alone
    expect(runningPids.map(isAlive)).toEqual([true, true])
    expect((await readdir(workRoot)).sort()).toEqual([
      '.groups',
      '.server.mts',
      `attempt-${running.server.pid}`,
    ])

    const gone = once(running.server, 'exit')
    running.server.kill('SIGKILL')
    await gone
    await command.cleanUp?.(workRoot)
    expect(await Promise.all(runningPids.map(isGone))).toEqual([true, true])
    expect(await readdir(join(workRoot, '.groups'))).toEqual([])
  }, 30_000)

  it.skipIf(process.platform !== 'linux')('is gone though nobody has collected it', async () => {
    // `exec` leaves the shell's child with a parent that never asks for its end
    const parent = spawn('/bin/sh', ['-c', 'sleep 300 & echo $!; exec sleep 300'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [said] = await once(parent.stdout, 'data')
    const server = Number(said)
    const left = [true, false].map((detached) => spawn('sleep', ['300'], { detached, stdio: 'ignore' }))
    const known = (pid = 0) => ({ pid, identity: identityOf(pid) })
    const [leader, stray] = left.map(({ pid }) => known(pid))
    const note = { attemptId: 'old', server: known(server), leader, strays: [stray] }
    await mkdir(join(workRoot, '.groups'))
    await writeFile(join(workRoot, '.groups', 'old.json'), JSON.stringify(note))

    await command.cleanUp?.(workRoot)
    expect(left.map(({ pid }) => isAlive(pid ?? 0))).toEqual([true, true])

    process.kill(server, 'SIGKILL')
    await until(async () => (await readFile(`/proc/${server}/stat`, 'utf8')).includes(') Z'))
    const ended = Promise.all(left.map((child) => once(child, 'exit')))
    await command.cleanUp?.(workRoot)
    await ended
    expect(await readdir(join(workRoot, '.groups'))).toEqual([])
    parent.kill('SIGKILL')
  })

  it('has its numbers taken by others: those are not touched', async () => {
    const stranger = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' })
    await once(stranger, 'spawn')
    await mkdir(join(workRoot, '.groups'))
    const note = {
      attemptId: 'old',
      server: { pid: 1, identity: 'another' },
      leader: { pid: stranger.pid, identity: 'another' },
    }
    await writeFile(join(workRoot, '.groups', 'old.json'), JSON.stringify(note))
    await writeFile(join(workRoot, '.groups', 'broken.json'), '{')
    await command.cleanUp?.(workRoot)
    expect(isAlive(stranger.pid ?? 0)).toBe(true)
    expect(await readdir(join(workRoot, '.groups'))).toEqual(['broken.json'])
    stranger.kill()
  })

  it('may have left nothing at all', async () => {
    await command.cleanUp?.(join(workRoot, 'never-made'))
  })
})

describe('testing an agent', () => {
  const signal = new AbortController().signal

  it('really calls it and says what it answered', async () => {
    expect(await command.test({ argv: sh('echo hello') }, signal)).toEqual({
      ok: true,
      message: 'It answered: "hello"',
    })
    expect(await command.test({ argv: lines({ type: 'question', question: 'Who?' }) }, signal)).toEqual({
      ok: true,
      message: 'It asked: Who?',
    })
    expect(await command.test({ argv: sh('exit 2') }, signal)).toEqual({
      ok: false,
      message: 'The program ended with exit code 2.',
    })
    expect(await command.test({ argv: [] }, signal)).toEqual({
      ok: false,
      message: "The agent's settings are not valid: Name the program to run.",
    })
  })
})

describe('the examples', () => {
  const description = 'Otters swim. Otters hold hands while otters sleep. It rained on Monday. A boat passed.'

  it('summarise', async () => {
    const { outcome, said } = await run(localCommand.config.argv, {
      job: { description, acceptanceCriteria: 'In 1 sentence' },
    })
    expect(outcome.type === 'submit' && JSON.parse(outcome.result)).toMatchObject({
      summary: 'Otters hold hands while otters sleep.',
      sentences: { read: 4, kept: 1 },
    })
    expect(new Set(said.map(({ kind }) => kind))).toEqual(new Set(['message', 'progress', 'usage']))
  })

  it('ask, and use the answer', async () => {
    const argv = ['node', '{root}/examples/agents/ask.mjs']
    const job = { description: 'b10\nb9\na' }
    const asked = await run(argv, { job })
    expect(asked.outcome).toMatchObject({ type: 'requestInput', question: expect.stringContaining('order') })
    const earlier: EarlierAttempt[] = [
      {
        number: 1,
        outcome: 'WAITING',
        result: null,
        error: null,
        question: 'Which order?',
        answer: 'Descending, please',
        feedback: null,
      },
    ]
    const answered = await run(argv, { job: { ...job, attempt: 2, earlier } })
    expect(answered.outcome).toMatchObject({
      type: 'submit',
      result: '{"order":"descending","lines":["b10","b9","a"]}',
    })
  })

  it('compute checksums in a shell', async () => {
    const { outcome } = await run(['{root}/examples/agents/checksum.sh'], { job: { description: 'abc\n' } })
    expect(outcome.type === 'submit' && JSON.parse(outcome.result)).toMatchObject({
      bytes: 4,
      lineBreaks: 1,
      words: 1,
      cksum: 1112837078,
    })
  })
})

describe('finding agents on PATH', () => {
  it('offers those that are there, filled in, and always the local command', async () => {
    const bin = join(workRoot, 'bin')
    await mkdir(bin)
    for (const [name, mode] of [
      ['claude', 0o755],
      ['codex', 0o644],
    ] as const) {
      await writeFile(join(bin, name), '#!/bin/sh\n')
      await chmod(join(bin, name), mode)
    }
    await mkdir(join(bin, 'aider'))
    const offered = await detectAgents(`${bin}:/nowhere:relative`, [])
    expect(offered.map(({ name }) => name)).toEqual(['Claude Code', 'Local command'])
    expect(offered[0]).toMatchObject({
      kind: 'command',
      config: { argv: ['claude', '-p', '--output-format', 'stream-json', '--verbose'] },
    })
    expect(await detectAgents('', [])).toEqual([{ kind: 'command', ...localCommand }])
  })

  it('offers only what the settings accept', async () => {
    const bin = join(workRoot, 'bin')
    await mkdir(bin)
    for (const name of ['claude', 'codex', 'aider']) await writeFile(join(bin, name), '', { mode: 0o755 })
    const offered = await detectAgents(bin, [])
    expect(offered).toHaveLength(4)
    for (const { config } of offered) expect(parseAgentConfig('command', config).success).toBe(true)
  })
})

describe('lines', () => {
  it('come whole, however the bytes are cut', () => {
    const bytes = Buffer.from('ä👩‍👩‍👧\r\nsecond\n\nlast €')
    for (const size of [1, 2, 3, 5, 1000]) {
      const splitter = lineSplitter()
      const found: string[] = []
      for (let at = 0; at < bytes.length; at += size)
        found.push(...splitter.push(bytes.subarray(at, at + size)))
      expect([...found, ...splitter.end()]).toEqual(['ä👩‍👩‍👧', 'second', '', 'last €'])
    }
  })

  it('are cut between characters, and say so', () => {
    expect(cut('ääää', 5)).toBe('ää… [cut: 4 more bytes]')
    expect(readLine('x'.repeat(70_000), redaction([])).event?.message).toMatch(/x… \[cut: 4464 more bytes\]$/)
    const event = readLine(JSON.stringify({ type: 'own', data: 'x'.repeat(70_000) }), redaction([])).event
    expect(JSON.parse(event?.responsePayload ?? '')).toContain('more bytes]')
  })

  it.each([
    '{"type":"log"}',
    '{"type":"progress","percent":400}',
    '{"type":"result"}',
    '{"type":"usage","inputTokens":"many"}',
  ])('that are not quite of the protocol are kept as they are: %s', (line) => {
    expect(readLine(line, redaction([]))).toEqual({
      event: { kind: 'call', message: expect.stringContaining('The agent wrote'), responsePayload: line },
    })
  })

  it('never throw', () => {
    const deep = `{"type":"result","result":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect(readLine(deep, redaction([])).verdict).toMatchObject({ type: 'fail', retryable: false })
  })
})

it('every kind of agent has an adapter of its kind', () => {
  for (const [kind, adapter] of Object.entries(adapters)) expect(adapter.kind).toBe(kind)
})

it('the work folder is nobody else’s', async () => {
  let mode = 0
  await run(lines('x'), {
    onEvent: async () => {
      mode = (await stat(join(workRoot, '.groups'))).mode & 0o777
    },
  })
  expect(mode).toBe(0o700)
})
