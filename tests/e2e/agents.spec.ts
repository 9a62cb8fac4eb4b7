import { Script } from '../support/api'
import { expect, signIn, test } from '../support/e2e'

test.use({ serverOptions: { admin: true } })

const newAgent = (script: Script, name: string) =>
  script.call<{ id: string }>('POST', '/api/admin/agents', {
    name: `${name} ${crypto.randomUUID().slice(0, 6)}`,
    kind: 'toolbox',
  })

test('an agent is tested; its answer is shown, with JavaScript on its own page', async ({
  page,
  server,
  javaScriptEnabled,
}) => {
  const { id } = await newAgent(await Script.signIn(server), 'Tested')
  await signIn(page)
  await page.goto(`/admin/agents/${id}`)
  await page.getByRole('button', { name: 'Test' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It works' })).toContainText('3 words')
  await expect(page).toHaveURL(javaScriptEnabled === false ? /\/test$/ : new RegExp(`/${id}$`))
})

test('an agent is retired by keyboard, its waiting job goes to the one that was chosen', async ({
  page,
  server,
}) => {
  const script = await Script.signIn(server)
  const leaver = await newAgent(script, 'Aged')
  const heir = await newAgent(script, 'Aheir')
  const job = await script.createJob({ agentId: leaver.id, runAfter: '2031-01-01T00:00:00Z' })
  await signIn(page)
  await page.goto(`/admin/agents/${leaver.id}`)
  await page.getByRole('link', { name: 'Retire…' }).click()
  await expect(page.getByText('1 job waits for it')).toBeVisible()
  await page.getByRole('radio', { name: 'Anyone who takes unassigned jobs' }).focus()
  const chosen = page.getByRole('radio', { name: 'Aheir' })
  for (let n = 0; n < 10 && !(await chosen.isChecked()); n++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/admin/agents/${leaver.id}$`))
  await expect(page.getByText('This agent is retired')).toBeVisible()
  expect(await script.job(job.id)).toMatchObject({ status: 'ASSIGNED', assignedAgentId: heir.id })
})
