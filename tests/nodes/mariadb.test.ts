import { MARIADB } from './engines.ts'
import { testThreeNodes } from './three-nodes.ts'

testThreeNodes(MARIADB)
