import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAgent } from '~/domain/agents/create.server'
import { editAgent } from '~/domain/agents/edit.server'
import { newTemplateInput } from '~/domain/templates/input'
import { createTemplate, editTemplate } from '~/domain/templates/save.server'
import { changeView, saveView } from '~/domain/views/save.server'
import { viewQuery } from '~/http/view-query.server'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

describe.each(['file', 'server'] as const)('on a %s, a taken name is said at its field', (on) => {
  let stage: TestDesk
  beforeAll(async () => {
    stage = await testDesk(on)
  })
  afterAll(() => stage.close())

  const taken = { code: 'invalid', fields: { name: [expect.stringContaining('of this name already')] } }
  const ada = () => addUser(stage.desk, 'Ada', 'ADMIN')

  test('of a template', async () => {
    const owner = await ada()
    const job = { name: 'n', description: 'd', acceptanceCriteria: 'c' }
    const save = (name: string) => createTemplate(stage.desk, owner, newTemplateInput.parse({ name, job }))
    await save('Invoice')
    await expect(save('INVOICE')).rejects.toMatchObject(taken)
    const { id } = await save('Other')
    await expect(editTemplate(stage.desk, owner, id, { name: 'invoice' })).rejects.toMatchObject(taken)
  })

  test('of a view', async () => {
    const owner = await ada()
    const save = (name: string) =>
      saveView(stage.desk, owner, { name, scope: 'own', shared: false }, viewQuery('status=FAILED'))
    await save('Failed')
    await expect(save('failed')).rejects.toMatchObject(taken)
    const { id } = await save('Other')
    await expect(changeView(stage.desk, owner, id, { name: 'FAILED' })).rejects.toMatchObject(taken)
  })

  test('of an agent', async () => {
    const admin = await ada()
    const save = (name: string) =>
      createAgent(stage.desk, admin, {
        ...{ name, description: '', kind: 'toolbox', config: {}, concurrency: 1, takesUnassigned: true },
      })
    await save('Toolbox')
    await expect(save('Toolbox')).rejects.toMatchObject(taken)
    const { id } = await save('Other')
    await expect(editAgent(stage.desk, admin, id, { name: 'Toolbox' })).rejects.toMatchObject(taken)
  })
})
