import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { overviewOf } from '~/domain/overview/queries.server'
import { verdictOf } from '~/domain/overview/verdict'
import { pageLoader } from '~/http/page.server'
import { OverviewAgents } from '~/ui/OverviewAgents'
import { OverviewNeeds } from '~/ui/OverviewNeeds'
import { OverviewOpenJobs } from '~/ui/OverviewOpenJobs'
import { OverviewPeriod } from '~/ui/OverviewPeriod'
import { OverviewRefresh } from '~/ui/OverviewRefresh'
import { OverviewUsage } from '~/ui/OverviewUsage'
import { OverviewVerdict } from '~/ui/OverviewVerdict'
import { Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { flowChart, rateChart } from './overview-charts.server'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ desk, actor, timeZone }) => {
  const overview = await overviewOf(desk, actor, timeZone)
  const { day, month } = overview
  return {
    overview,
    verdict: verdictOf(overview),
    dayCharts: { flow: flowChart(day), rate: rateChart(day) },
    monthCharts: { flow: flowChart(month), rate: rateChart(month) },
  }
})

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && 'Overview') },
]

/** Is all well? Everyone's jobs and all agents at a glance. */
export default function OverviewPage() {
  const { overview, verdict, dayCharts, monthCharts } = useLoaderData<typeof loader>()
  return (
    <Page>
      <PageHeader title="Overview" actions={<OverviewRefresh at={overview.at} />} />
      <OverviewVerdict verdict={verdict} />
      <OverviewOpenJobs overview={overview} />
      <div className={columns}>
        <OverviewPeriod
          id="day"
          title="The last 24 hours"
          before="the 24 hours"
          period={overview.day}
          {...dayCharts}
        />
        <OverviewPeriod
          id="month"
          title="The last 30 days"
          before="the 30 days"
          period={overview.month}
          {...monthCharts}
        />
      </div>
      <OverviewNeeds overview={overview} />
      <div className={columns}>
        <OverviewAgents overview={overview} />
        <OverviewUsage usage={overview.usage} />
      </div>
    </Page>
  )
}

const columns = 'grid grid-cols-1 items-start gap-5 lg:grid-cols-2'
