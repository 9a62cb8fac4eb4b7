import { Component, type ReactNode } from 'react'

interface FallsBackProps {
  /** What is shown where the rest could not be drawn. */
  to: ReactNode
  children: ReactNode
}

/** What could not be drawn, or not be loaded, is shown in a plainer way: the rest of the page stays as it is. */
export class FallsBack extends Component<FallsBackProps, { isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError = () => ({ isBroken: true })

  override render() {
    return this.state.isBroken ? this.props.to : this.props.children
  }
}
