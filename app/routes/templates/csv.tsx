import { randomUUID } from 'node:crypto'
import { data } from '@remix-run/node'
import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { freezeImport } from '~/domain/batches/import.server'
import { makeFromCsv, previewCsv, TooLargeAtOnce } from '~/domain/templates/csv.server'
import { csvRows } from '~/domain/templates/csv-rows.server'
import { shortOrLong } from '~/domain/templates/csv-text.server'
import { csvForm } from '~/domain/templates/input'
import { findTemplate } from '~/domain/templates/queries.server'
import { formAction } from '~/http/form-action.server'
import { formIdempotency } from '~/http/idempotency.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { plainName } from '~/ui/name'
import { pageTitle } from '~/ui/page-title'
import { TemplateCsv } from '~/ui/TemplateCsv'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, params }) => {
  const { id, name, variables } = await findTemplate(desk, actor, params.id as string)
  return { template: { id, name, variables } }
})

export const action = formAction(
  'user',
  csvForm,
  async ({ actor, desk, params, value, form }) => {
    const template = await findTemplate(desk, actor, params.id as string)
    const { id } = template
    if (!value.make) {
      const preview = await previewCsv(desk, actor, id, value.csv).catch((error: unknown) => {
        if (error instanceof TooLargeAtOnce) return null
        throw error
      })
      // of a form whose answer was lost: its jobs may be made
      const idempotencyKey = String(form.get('idempotencyKey') || randomUUID())
      if (preview) return data({ reply: {}, preview, csv: value.csv, idempotencyKey })
      const rows = csvRows(template, [value.csv])
      return seeOther(paths.batch(await freezeImport(desk, actor, { template, rows })))
    }
    const upload = { csv: value.csv, onlyGood: value.make === 'good' }
    await makeFromCsv(desk, actor, id, upload, formIdempotency(form, `POST /templates/${id}/csv`))
    return seeOther(`${paths.template(id)}?made`)
  },
  {
    async upload({ actor, desk, params }, file) {
      const template = await findTemplate(desk, actor, params.id as string)
      const text = await shortOrLong(file.content)
      if ('short' in text) return text.short
      const rows = csvRows(template, text.long)
      throw seeOther(paths.batch(await freezeImport(desk, actor, { template, rows, fileName: file.name })))
    },
  },
)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `${plainName(data.template.name)} from CSV`) },
]

export default function JobsFromCsv() {
  return <TemplateCsv {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
}
