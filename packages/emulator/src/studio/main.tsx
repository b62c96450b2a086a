import { render } from 'preact'
import { startClock } from './controls/clock.ts'
import { lookForDev } from './controls/controls.ts'
import { startFeed } from './conversation/feed.ts'
import { App } from './page/app.tsx'
import { lookForProgram } from './phones/phones.ts'
import { playFromHash } from './stories/the-player.ts'

render(<App />, document.body)
startFeed()
void startClock()
void lookForProgram().then(playFromHash)
void lookForDev()
addEventListener('hashchange', playFromHash)
