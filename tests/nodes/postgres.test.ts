import { POSTGRES } from './engines.ts'
import { testThreeNodes } from './three-nodes.ts'

testThreeNodes(POSTGRES)
