import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultSettings } from '~/domain/accounts/settings'
import { readSettings, saveSettings } from '~/domain/accounts/settings.server'
import { settingsForm, settingsPatch } from '~/domain/accounts/settings-input'
import { NotFound } from '~/domain/errors'
import type { UserActor } from '~/domain/policy'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

let stage: TestDesk
let olive: UserActor
let sam: UserActor

beforeAll(async () => {
  stage = await testDesk()
  olive = await addUser(stage.desk, 'Olive')
  sam = await addUser(stage.desk, 'Sam')
})
afterAll(() => stage.close())

test('who never chose has the usual ones; what is not named stays; others are not touched', async () => {
  const { desk } = stage
  expect(await readSettings(desk, olive)).toEqual(defaultSettings)
  expect(await saveSettings(desk, olive, { theme: 'dark' })).toEqual({ ...defaultSettings, theme: 'dark' })
  const more = {
    timeZone: 'Europe/Berlin',
    shortcuts: false,
    notifications: 'all',
    density: 'compact',
  } as const
  expect(await saveSettings(desk, olive, more)).toEqual({ ...more, theme: 'dark' })
  expect(await saveSettings(desk, olive, {})).toEqual({ ...more, theme: 'dark' })
  expect(await saveSettings(desk, olive, { shortcuts: true })).toEqual({
    ...more,
    theme: 'dark',
    shortcuts: true,
  })
  expect(await readSettings(desk, olive)).toEqual({ ...more, theme: 'dark', shortcuts: true })
  expect(await readSettings(desk, sam)).toEqual(defaultSettings)
})

test('a disabled account changes nothing', async () => {
  await stage.desk.db.write({
    repeatable: true,
    statements: [{ sql: 'UPDATE users SET disabledAt = 1 WHERE id = ?', args: [sam.id] }],
  })
  await expect(saveSettings(stage.desk, sam, { theme: 'dark' })).rejects.toThrow(NotFound)
})

test('what is sent: zones by their names, words from the list, nothing else', () => {
  const form = { theme: 'dark', density: 'compact', timeZone: 'europe/berlin', notifications: 'off' }
  expect(settingsForm.parse(form)).toEqual({ ...form, timeZone: 'Europe/Berlin', shortcuts: false })
  expect(settingsPatch.parse({})).toEqual({})
  for (const wrong of [
    { theme: 'pink' },
    { timeZone: '+02:00' },
    { timeZone: 'Mars/Base' },
    { timeZone: 'x'.repeat(65) },
    { shortcuts: 'yes' },
    { colour: 'red' },
    [],
    null,
  ]) {
    expect(settingsPatch.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false)
  }
})
