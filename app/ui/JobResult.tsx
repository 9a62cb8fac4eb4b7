import type { Table } from '~/domain/jobs/result-shape'
import { DownloadLink } from './DownloadLink'
import { type ResultExcerpt, shown } from './excerpt'
import { ChevronRight } from './icons'
import { LongText } from './LongText'
import { CutNote, Json, JsonBox } from './PayloadViewer'
import { Properties, Property } from './page'
import { jsonString } from './pretty-json'
import type { ShownResult } from './shown-result'

/** What the agent handed in, by what it is, with its source a click away. */
export function JobResult({ result: { excerpt, shape } }: { result: ShownResult }) {
  switch (shape.kind) {
    case 'text':
      return <PlainText excerpt={excerpt} />
    case 'json':
      return (
        <div className="flex flex-col gap-3">
          {excerpt.summary && <p className="authored">{excerpt.summary}</p>}
          <JsonBox excerpt={excerpt} most={shown.result} />
        </div>
      )
    case 'markdown':
      return (
        <div className="flex flex-col gap-3">
          {/* cleaned on the server: app/http/markdown.server.ts */}
          {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the only one, of what was made safe */}
          <div dir="auto" className="markdown" dangerouslySetInnerHTML={{ __html: shape.html }} />
          {shape.isCut && <p className="text-xs text-ink-2">It goes on: the source has all of it.</p>}
          <Source excerpt={excerpt} />
        </div>
      )
    case 'image':
      return (
        <div className="flex flex-col gap-3">
          <img
            src={shape.src}
            alt={shape.alt}
            className="max-h-[70vh] w-auto max-w-full self-start rounded-md border border-line"
          />
          <Source excerpt={excerpt} />
        </div>
      )
    case 'table':
      return (
        <div className="flex flex-col gap-3">
          {shape.facts.length > 0 && (
            <Properties>
              {shape.facts.map(([name, value]) => (
                <Property key={name} name={breakable(name)}>
                  <span dir="auto" className="wrap-anywhere">
                    {value || '–'}
                  </span>
                </Property>
              ))}
            </Properties>
          )}
          <ResultTable table={shape} />
          <Source excerpt={excerpt} />
        </div>
      )
  }
}

/** A name in one word breaks where a word in it begins, if it has to. */
const breakable = (name: string) =>
  name.split(/(?=[A-Z])/).flatMap((part, at) => (at > 0 ? [<wbr key={part} />, part] : part))

function PlainText({ excerpt }: { excerpt: ResultExcerpt }) {
  return (
    <div className="flex flex-col gap-2">
      <LongText text={jsonString(excerpt.json) ?? excerpt.json} />
      {excerpt.cut && <CutNote excerpt={excerpt} />}
      <DownloadLink whole={excerpt.whole} />
    </div>
  )
}

function ResultTable({ table: { columns, rows, numeric, total } }: { table: Table }) {
  const isCut = total.rows > rows.length || total.columns > columns.length
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that it can be scrolled by keyboard */}
      <div tabIndex={0} className="max-h-[70vh] overflow-auto rounded-md border border-line">
        <table className="w-max min-w-full text-left text-xs">
          <thead className="sticky top-0 bg-sunken">
            <tr>
              {columns.map((name, index) => (
                <th
                  // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                  key={index}
                  scope="col"
                  dir="auto"
                  className={`px-2.5 py-1.5 font-medium ${numeric[index] ? 'text-right' : ''}`}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
              <tr key={at}>
                {row.map((cell, index) => (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                    key={index}
                    dir="auto"
                    className={`px-2.5 py-1.5 align-top ${numeric[index] ? 'text-right tabular-nums' : 'max-w-80 wrap-break-word'}`}
                  >
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {isCut && (
        <p className="mt-1 text-xs text-ink-2">
          The first {rows.length.toLocaleString('en')} of {total.rows.toLocaleString('en')} rows
          {total.columns > columns.length && ` and ${columns.length} of ${total.columns} columns`}.
        </p>
      )}
    </div>
  )
}

/** What it was made from, as it was handed in. */
function Source({ excerpt }: { excerpt: ResultExcerpt }) {
  const text = jsonString(excerpt.json)
  return (
    <details className="group">
      <summary className="inline-flex items-center gap-1 rounded-sm text-xs text-ink-2 hover:text-ink">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        Source
      </summary>
      <div className="mt-1.5 flex flex-col gap-2">
        {text === undefined ? <Json excerpt={excerpt} most={shown.result} /> : <SourceText text={text} />}
        {text !== undefined && excerpt.cut && <CutNote excerpt={excerpt} />}
        <DownloadLink whole={excerpt.whole} />
      </div>
    </details>
  )
}

/** A text with more line breaks has them as white space: each element takes its time to render. */
const maxLines = 5000

/** Its lines end with an element, so that they stay lines where white space is collapsed, as in a reader view. */
function SourceText({ text }: { text: string }) {
  const lines = text.split('\n')
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: so that it can be scrolled by keyboard
      tabIndex={0}
      dir="auto"
      className="max-h-96 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs wrap-anywhere whitespace-pre-wrap"
    >
      {lines.length > maxLines
        ? text
        : // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          lines.map((line, at) => (at > 0 ? [<br key={at} />, line] : line))}
    </pre>
  )
}
