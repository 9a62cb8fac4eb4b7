import { describe, expect, it } from 'vitest'
import { parseAgentConfig } from '~/domain/agents/config'
import { localCommand, toolboxAgent, toolboxExamples } from '~/domain/agents/examples'
import { toolboxCommands } from '~/domain/agents/toolbox-commands'
import type { AgentKind } from '~db/vocabulary'

const issues = (kind: AgentKind, value: unknown) => {
  const parsed = parseAgentConfig(kind, value)
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('the settings of an agent', () => {
  it('takes a program whose path has a space', () => {
    for (const program of ['/opt/My App/run', '{root}/my agent/run', 'node ']) {
      expect(parseAgentConfig('command', { argv: [program, '/path/x.mjs'] }).success).toBe(true)
    }
  })

  it('fills in what a command leaves out', () => {
    expect(parseAgentConfig('command', { argv: ['node', ''] }).data).toEqual({
      argv: ['node', ''],
      timeoutSeconds: 1800,
      maxOutputBytes: 12_000_000,
    })
  })

  it.each([
    ['nothing', undefined],
    ['no program', { argv: [] }],
    ['a blank program', { argv: [' ', 'x'] }],
    ['65 arguments', { argv: Array(65).fill('x') }],
    ['a NUL', { argv: ['node', 'a\0b'] }],
    ['a shell line', { argv: 'node script.mjs' }],
    ['a shell line as one argument', { argv: ['node /path/x.mjs'] }],
    ['a shell line by its path', { argv: ['/usr/bin/node /path/x.mjs', 'more'] }],
    ['a program with an option', { argv: ['/usr/bin/claude -p'] }],
    ['a relative folder', { argv: ['node'], cwd: 'work' }],
    ['a folder that only looks like {root}', { argv: ['node'], cwd: '{root}x/y' }],
    ['no time', { argv: ['node'], timeoutSeconds: 0 }],
    ['more than a day', { argv: ['node'], timeoutSeconds: 86_401 }],
    ['half a second', { argv: ['node'], timeoutSeconds: 1.5 }],
    ['hardly any output', { argv: ['node'], maxOutputBytes: 10 }],
    ['a bad variable name', { argv: ['node'], env: { '1A': 'x' } }],
    ["one of Docket's own variables", { argv: ['node'], env: { DOCKET_ATTEMPT: 'x' } }],
    ['a field it does not know', { argv: ['node'], shell: true }],
  ])('refuses %s', (_, config) => {
    expect(issues('command', config)).not.toEqual([])
  })

  it('says what is wrong in words', () => {
    expect(issues('command', { argv: [] })).toEqual(['argv: Name the program to run'])
    expect(issues('command', { argv: ['x'], cwd: 'y' })).toEqual([
      'cwd: Give an absolute path, or one that starts with {root}',
    ])
  })

  it('takes folders by absolute path or under {root}', () => {
    for (const cwd of ['/srv/project', '{root}', '{root}/data']) {
      expect(issues('command', { argv: ['x'], cwd })).toEqual([])
    }
  })

  it('has nothing to set for the toolbox', () => {
    expect(issues('toolbox', {})).toEqual([])
    expect(issues('toolbox', { argv: ['x'] })).not.toEqual([])
  })

  const model = { baseUrl: 'http://127.0.0.1:11434/v1', model: 'llama3.2:3b' }

  it('fills in what a model leaves out, and takes a key without the blanks around it', () => {
    expect(parseAgentConfig('openai', { ...model, apiKey: ' sk-1 \n' }).data).toEqual({
      ...model,
      apiKey: 'sk-1',
      timeoutSeconds: 600,
    })
  })

  it.each([
    ['no address', { baseUrl: undefined }, 'baseUrl'],
    ['no web address', { baseUrl: 'file:///etc/passwd' }, 'baseUrl'],
    ['a password in the address', { baseUrl: 'http://me:secret@host/v1' }, 'baseUrl'],
    ['a key in the address', { baseUrl: 'https://host/v1?key=secret' }, 'baseUrl'],
    ['the whole path of a call', { baseUrl: 'https://host/v1/chat/completions' }, 'baseUrl'],
    ['a blank model', { model: ' ' }, 'model'],
    ['a key with a space within', { apiKey: 'Bearer sk-1' }, 'apiKey'],
    ['a key with a line break within', { apiKey: 'sk-1\r\nX-Other: 1' }, 'apiKey'],
    ['too much heat', { temperature: 3 }, 'temperature'],
    ['no tokens', { maxOutputTokens: 0 }, 'maxOutputTokens'],
    ['a price below nothing', { inputPrice: -1, outputPrice: 1 }, 'inputPrice'],
    ['one price of two', { inputPrice: 1 }, 'outputPrice'],
    ['a setting it does not know', { api_key: 'x' }, ''],
  ])('refuses for a model %s', (_, change, path) => {
    const found = issues('openai', { ...model, ...change })
    expect(found).not.toEqual([])
    for (const issue of found) expect(issue.startsWith(`${path}: `)).toBe(true)
  })

  it('accepts the agents that are shipped', () => {
    expect(issues('command', localCommand.config)).toEqual([])
    expect(issues('toolbox', toolboxAgent.config)).toEqual([])
  })
})

describe('the examples of the toolbox', () => {
  it('are one for each command', () => {
    const used = toolboxExamples.map(({ description }) => description.split(/\s/, 1)[0])
    expect(used).toEqual(toolboxCommands.map(({ command }) => command))
  })

  it('have criteria that can be checked line by line', () => {
    for (const { acceptanceCriteria } of toolboxExamples) {
      expect(acceptanceCriteria.split('\n').every((line) => line.trim().length > 10)).toBe(true)
    }
  })
})
