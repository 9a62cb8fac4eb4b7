import type { ListScope } from '~db/vocabulary'
import { useSettings } from './settings'

const qualifiers: { text: string; means: string; scope?: ListScope }[] = [
  { text: 'invoice', means: 'a word of the name, description or result that begins so' },
  { text: '"final report"', means: 'these words, one after the other' },
  { text: '-draft', means: 'without this word' },
  { text: '-agent:"Toolbox"', means: 'not for this agent; a minus excludes with any of these' },
  { text: 'status:failed,canceled', means: 'any of these statuses; also open and closed' },
  { text: 'agent:"Toolbox"', means: 'for this agent; agent:none for those that name none' },
  { text: 'owner:ada@example.com', means: 'whose they are', scope: 'all' },
  { text: 'tag:urgent', means: 'with this tag' },
  { text: 'customer=acme', means: 'with this metadata' },
  { text: 'priority:>=5', means: 'this priority, 0 to 9; also 2..5' },
  { text: 'attempts:>1', means: 'tried so often' },
  { text: 'needs:review', means: 'waiting for a review; also needs:answer and needs:me' },
  { text: 'created:7d', means: 'made in the last 7 days; also 24h, 90m, 2w, today' },
  { text: 'created:>2026-01-01', means: 'made after that day' },
  { text: 'updated:2026-01-01..2026-01-31', means: 'last changed in that time' },
  { text: 'batch:01jx…', means: 'the jobs of that batch' },
]

interface QualifierHelpProps {
  scope: ListScope
  /** Whose days are meant, if not the reader's. */
  timeZone?: string
}

/** What the box understands. */
export function QualifierHelp({ scope, timeZone }: QualifierHelpProps) {
  const settings = useSettings()
  return (
    <details className="text-xs open:w-full">
      <summary className="w-fit rounded-sm text-ink-2 underline decoration-dotted underline-offset-2 hover:text-ink">
        What can I write here?
      </summary>
      <div className="mt-2 flex flex-col gap-2 rounded-md border border-line bg-surface p-3">
        <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
          {qualifiers
            .filter((each) => !each.scope || each.scope === scope)
            .map(({ text, means }) => (
              <div key={text} className="flex flex-wrap gap-x-2">
                <dt>
                  <code className="font-mono">{text}</code>
                </dt>
                <dd className="text-ink-2">{means}</dd>
              </div>
            ))}
        </dl>
        <p className="text-ink-2">Days are those of {timeZone ?? settings.timeZone}.</p>
      </div>
    </details>
  )
}
