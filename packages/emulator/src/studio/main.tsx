import { render } from 'preact'
import { startClock } from './controls/clock.ts'
import { startFeed } from './conversation/feed.ts'
import { App } from './page/app.tsx'
import { lookForProgram } from './phones/phones.ts'

render(<App />, document.body)
startFeed()
void startClock()
void lookForProgram()
