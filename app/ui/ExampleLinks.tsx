import { Link } from '@remix-run/react'
import { toolboxCommands } from '~/domain/agents/toolbox-commands'
import { paths } from '~/paths'

/** The word that stands for an example in an address: `stats`, `csv`. */
export const exampleSlug = (command: string) => command.slice(1)

/** Jobs to start from: each fills the form. */
export function ExampleLinks() {
  return (
    <ul className="flex flex-col gap-1">
      {toolboxCommands.map(({ command, example }) => (
        <li key={command}>
          <Link
            to={paths.newJob(exampleSlug(command))}
            className="flex items-baseline justify-between gap-3 rounded-md px-2 py-1.5 text-left hover:bg-hover"
          >
            <span className="text-accent">{example}</span>
            <code className="font-mono text-xs text-ink-2">{command}</code>
          </Link>
        </li>
      ))}
    </ul>
  )
}
