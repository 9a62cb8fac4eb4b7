import { readSettings, saveSettings } from '~/domain/accounts/settings.server'
import { settingsPatch } from '~/domain/accounts/settings-input'
import { json, method, resource } from '~/http/json-action.server'

const door = resource({
  GET: method({ rule: 'user', handle: async ({ actor, desk }) => json(await readSettings(desk, actor)) }),
  PATCH: method({
    rule: 'user',
    body: settingsPatch,
    handle: async ({ actor, desk, value }) => json(await saveSettings(desk, actor, value)),
  }),
})
export const loader = door.loader
export const action = door.action
