// npm run test:devtools: WeChat's own builder packs the client, and what comes out logs in; WeChat's own compiler takes
// the example. On demand, since they bring a thousand packages into a folder of their own.
import { join } from 'node:path'
import { launch } from './launch.mjs'
import { root, setup } from './setup.mjs'

setup()
setup(join(root, 'tools', 'devtools'))
launch('tools/devtools/all.test.ts')
