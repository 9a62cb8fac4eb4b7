import { Link } from '@remix-run/react'
import type { AgentView } from '~/domain/agents/view'
import { paths } from '~/paths'
import { Notice } from './Notice'
import { Name } from './name'
import { Time } from './time'

/** Where the work of a retired agent went. */
export function RetiredNotice({ agent: { successor, running, updatedAt } }: { agent: AgentView }) {
  return (
    <Notice title="This agent is retired">
      <p>
        {successor ? (
          <>
            The jobs that waited for it went to{' '}
            <Link to={paths.agent(successor.id)} className="text-accent underline">
              <Name>{successor.name}</Name>
            </Link>
            {successor.state === 'PAUSED' && ', which is paused: it starts nothing until it is resumed'}
            {successor.state === 'RETIRED' && ', which is retired too'}.
          </>
        ) : (
          'The jobs that waited for it went back to any agent that takes unassigned ones.'
        )}
        {running > 0 && ' What still runs is finished.'}
      </p>
      <p>
        Retired <Time at={updatedAt} />. Its attempts stay on the record; it takes no more work.
      </p>
    </Notice>
  )
}
