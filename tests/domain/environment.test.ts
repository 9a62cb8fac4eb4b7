import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readEnvironment } from '~/environment.server'

describe('a bad setting is refused with a sentence', () => {
  const origin = /^APP_ORIGIN has no path.* such as https:\/\/docket\.example\.com\.$/
  test.each([
    ['DATABASE_URL', 'file:', /^DATABASE_URL names no file, such as file:\.\/data\/docket\.db\.$/],
    ['DATABASE_URL', 'file://', /^DATABASE_URL names no file/],
    ['DATABASE_URL', 'docket.db', /^DATABASE_URL starts with /],
    ['APP_ORIGIN', 'http://x/path', origin],
    ['APP_ORIGIN', 'http://x/?a=b', origin],
    ['APP_ORIGIN', 'http://x/#top', origin],
    ['APP_ORIGIN', 'http://me@x', origin],
    ['APP_ORIGIN', 'docket.example.com', /^APP_ORIGIN is an address such as/],
    ['MAX_RESULT_BYTES', '10MB', /^MAX_RESULT_BYTES is a number\.$/],
    ['MAX_RESULT_BYTES', '999', /^MAX_RESULT_BYTES is 1,000 to 100,000,000\.$/],
  ])('%s=%s', (name, value, sentence) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(sentence)
  })
})

test('an origin may end with a slash', () => {
  expect(readEnvironment({ APP_ORIGIN: 'https://docket.example.com/' }).APP_ORIGIN).toBe(
    'https://docket.example.com',
  )
})

describe('the file of settings', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'docket-env-'))
    writeFileSync(join(folder, 'settings'), 'PORT=4321\n')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const start = (ENV_FILE?: string) => {
    const { PORT: _, ENV_FILE: __, ...env } = process.env
    const script = ['--import', resolve('scripts/environment.mjs'), '-p', 'process.env.PORT']
    const { status, stdout, stderr } = spawnSync(process.execPath, script, {
      cwd: folder,
      env: ENV_FILE === undefined ? env : { ...env, ENV_FILE },
      encoding: 'utf8',
    })
    return { status, stdout: stdout.trim(), stderr }
  }

  test('is read where it is named', () => {
    expect(start('settings')).toEqual({ status: 0, stdout: '4321', stderr: '' })
  })

  test('need not be there unless it is named', () => {
    expect(start()).toEqual({ status: 0, stdout: '3000', stderr: '' })
    expect(start('')).toEqual({ status: 0, stdout: '3000', stderr: '' })
    expect(start('elsewhere')).toMatchObject({
      status: 1,
      stderr: 'ENV_FILE names elsewhere, which is not there.\n',
    })
  })

  test('is no folder', () => {
    expect(start('.')).toMatchObject({ status: 1, stderr: 'ENV_FILE names ., which is a folder.\n' })
  })
})
