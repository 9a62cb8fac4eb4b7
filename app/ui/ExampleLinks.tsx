import { Link } from '@remix-run/react'
import { toolboxCommands, toolboxExamples } from '~/domain/agents/examples'
import { paths } from '~/paths'

/** The examples by the word that stands for them in an address: `stats`, `csv`. */
export const examples = toolboxCommands.map(({ command }, at) => ({
  slug: command.slice(1),
  command,
  example: toolboxExamples[at],
}))

/** Jobs to start from: each fills the form. */
export function ExampleLinks() {
  return (
    <ul className="flex flex-col gap-1">
      {examples.map(
        ({ slug, command, example }) =>
          example && (
            <li key={slug}>
              <Link
                to={paths.newJob(slug)}
                className="flex items-baseline justify-between gap-3 rounded-md px-2 py-1.5 text-left hover:bg-hover"
              >
                <span className="text-accent">{example.title}</span>
                <code className="font-mono text-xs text-ink-2">{command}</code>
              </Link>
            </li>
          ),
      )}
    </ul>
  )
}
