import { Script, signUp } from '../support/api'
import { expect, signIn, test } from '../support/e2e'

/** Templates from their making to a hundred jobs of a file, with JavaScript and without. */

test.use({ serverOptions: { admin: true } })

const unique = (name: string) => `${name} ${crypto.randomUUID().slice(0, 8)}`

test('from scratch: its blanks are asked for, a bad value is said in place, a job is made', async ({
  page,
  server,
}) => {
  test.setTimeout(90_000)
  await signIn(page, await signUp(server, 'Tess'))
  await page.getByRole('link', { name: 'From a template' }).click()
  await expect(page.getByRole('heading', { name: 'Never type the same job twice' })).toBeVisible()
  await page
    .getByRole('link', { name: /^New template/ })
    .first()
    .click()

  const name = unique('Report')
  await page.getByLabel('Name of the template').fill(name)
  await page.getByLabel('Name of the job').fill('Report on {{topic}}')
  await page.getByLabel('Description').fill('/stats\n{{topic}} since {{since}}, {{pages}} pages, {{tone}}')
  await page.getByLabel('Acceptance criteria').fill('It has {{pages}} pages')
  await page.getByRole('button', { name: 'Create template' }).click()
  await expect(page.getByText('Nothing is saved yet')).toBeVisible()
  await expect(page.getByLabel('Name of the template')).toHaveValue(name)

  const blank = (which: string) => page.getByRole('group', { name: which })
  await blank('since').getByLabel('What it is', { exact: true }).selectOption('date')
  await blank('pages').getByLabel('What it is', { exact: true }).selectOption('number')
  await blank('pages').getByLabel('Default').fill('3')
  await blank('tone').getByLabel('What it is', { exact: true }).selectOption('choice')
  await blank('tone').getByLabel('Choices').fill('dry\nwarm')
  await page.getByRole('button', { name: 'Create template' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()

  await page.getByLabel('Topic').fill('tea')
  await page.getByLabel('Since').fill('2026-01-31')
  await page.getByLabel('Pages').fill('many')
  await page.getByLabel('Tone').selectOption('warm')
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await expect(page.getByLabel('Pages')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('Topic')).toHaveValue('tea')
  await page.getByLabel('Pages').fill('7')
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await expect(page.getByRole('heading', { name: 'Report on tea' })).toBeVisible()
  await expect(page.getByText('It has 7 pages')).toBeVisible()
  await page.getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
})

test('of a job, shared, and somebody else makes one of each row of a file', async ({
  page,
  server,
  browser,
}) => {
  test.setTimeout(90_000)
  const owner = await signUp(server, 'Olive')
  const script = await Script.signIn(server, owner)
  const job = await script.createJob({ name: 'Count Alice', description: '/stats\nAlice was tired' })
  await signIn(page, owner)
  await page.goto(`/jobs/${job.id}`)
  await page.getByRole('link', { name: 'Save as template' }).click()
  const name = unique('Count')
  await page.getByLabel('Name of the template').fill(name)
  await page.getByLabel('Name of the job').fill('Count {{who}}')
  await page.getByLabel('Share it').check()
  await page.getByRole('button', { name: 'Create template' }).click()
  await page.getByRole('button', { name: 'Create template' }).click()
  await expect(page.getByText('Yours, shared with everyone.')).toBeVisible()

  const { javaScriptEnabled } = test.info().project.use
  const context = await browser.newContext({ javaScriptEnabled, baseURL: server.origin })
  const theirs = await context.newPage()
  await signIn(theirs, await signUp(server, 'Sam'))
  await theirs.goto('/templates')
  await theirs.getByRole('link', { name }).click()
  await expect(theirs.getByText('Shared by Olive.')).toBeVisible()
  await theirs.getByRole('link', { name: 'Jobs from CSV' }).click()
  const rows = ['who,priority', 'Anna,1', 'Bert,11', 'Carl,3', ',4', 'Dora,5'].join('\n')
  await theirs.getByLabel('A file').setInputFiles({
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(rows),
  })
  await theirs.getByRole('button', { name: 'Look at it first' }).click()
  await expect(theirs.getByText('5 rows: 3 jobs can be made, 2 can’t.')).toBeVisible()
  const bad = theirs.getByRole('listitem').filter({ hasText: /^Row (3|5)/ })
  await expect(bad).toHaveCount(2)
  await expect(theirs.getByText('Count Carl')).toBeVisible()
  await theirs.getByRole('button', { name: 'Hand in the 3 jobs that are good' }).click()
  await expect(theirs.getByText('The jobs of the file are handed in')).toBeVisible()
  await theirs.getByRole('link', { name: 'your jobs', exact: true }).click()
  await expect(theirs.getByRole('table').locator('a[data-job]')).toHaveText([
    'Count Dora',
    'Count Carl',
    'Count Anna',
  ])
  await context.close()
})

test('a large file is imported: its errors are shown first, and each row has its line', async ({
  page,
  server,
}) => {
  const owner = await signUp(server, 'Ines')
  const script = await Script.signIn(server, owner)
  const template = await script.call<{ id: string }>('POST', '/api/templates', {
    name: unique('Large'),
    job: { name: 'Read {{who}}', description: '/stats\n{{text}}', acceptanceCriteria: 'It counts' },
    variables: [{ name: 'text', type: 'longtext', required: false }],
  })
  await signIn(page, owner)
  await page.goto(`/templates/${template.id}/csv`)
  const rows = Array.from({ length: 60 }, (_, n) => `person ${n},${'word '.repeat(3900)}`)
  await page.getByLabel('A file').setInputFiles({
    name: 'large.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`who,text\n${rows.join('\n')}\n,x\n`),
  })
  await page.getByRole('button', { name: 'Look at it first' }).click()
  await expect(page.getByRole('heading', { name: 'Import 61 rows?' })).toBeVisible()
  await expect(page.getByText('Read person 4', { exact: true })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: 'who: Give a value.' })).toContainText('1 row')
  await page.getByRole('button', { name: 'Import 60 jobs' }).click()
  await expect(page.getByText('60 done', { exact: true })).toBeVisible({ timeout: 20_000 })
  await page.getByRole('navigation', { name: 'By what became of them' }).getByText('Refused').click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Row 62' })).toContainText('who: Give a value.')
  await page.getByRole('link', { name: 'See these 60 jobs in the list' }).click()
  await expect(page.getByRole('table').getByText('Read person 59')).toBeVisible()
})

test('changed by two at once: the second is told, keeps the text, and may remove it', async ({
  page,
  server,
}) => {
  const owner = await signUp(server, 'Una')
  const script = await Script.signIn(server, owner)
  const name = unique('Twice')
  const template = await script.call<{ id: string }>('POST', '/api/templates', {
    name,
    job: { name: 'Plain', description: '/stats\nx', acceptanceCriteria: 'It counts' },
  })
  await signIn(page, owner)
  await page.goto(`/templates/${template.id}/edit`)
  await page.getByLabel('What it is for').fill('For Mondays')
  await script.call('PATCH', `/api/templates/${template.id}`, { description: 'For Tuesdays' })
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByLabel('What it is for')).toHaveValue('For Mondays')
  await page.goto(`/templates/${template.id}`)
  await expect(page.getByText('For Tuesdays')).toBeVisible()
  await page.getByRole('link', { name: 'Remove…' }).click()
  await page.getByRole('button', { name: 'Remove the template' }).click()
  await expect(page.getByText('The template is removed. Its jobs stay.')).toBeVisible()
})
