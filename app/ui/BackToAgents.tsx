import { paths } from '~/paths'
import { BackLink } from './BackLink'

/** On a phone the list is another page. */
export function BackToAgents() {
  return (
    <BackLink to={paths.agents} className="lg:hidden">
      All agents
    </BackLink>
  )
}
