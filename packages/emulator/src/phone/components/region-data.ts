/** [name, code, places within]; a city says its postcode too. */
export interface Region {
  name: string
  code: string
  postcode?: string
  within: readonly Region[]
}

const district = (code: string, name: string): Region => ({ code, name, within: [] })

const city = (code: string, name: string, postcode: string, within: readonly Region[]): Region => ({
  code,
  name,
  postcode,
  within,
})

/** A sample: a few provinces, cities and districts of each, with the codes of GB/T 2260. The whole list is not here. */
export const SAMPLE_REGIONS: readonly Region[] = [
  {
    name: '北京市',
    code: '110000',
    within: [
      city('110100', '北京市', '100000', [
        district('110101', '东城区'),
        district('110102', '西城区'),
        district('110105', '朝阳区'),
        district('110108', '海淀区'),
      ]),
    ],
  },
  {
    name: '上海市',
    code: '310000',
    within: [
      city('310100', '上海市', '200000', [
        district('310101', '黄浦区'),
        district('310104', '徐汇区'),
        district('310115', '浦东新区'),
      ]),
    ],
  },
  {
    name: '浙江省',
    code: '330000',
    within: [
      city('330100', '杭州市', '310000', [
        district('330102', '上城区'),
        district('330106', '西湖区'),
        district('330108', '滨江区'),
      ]),
    ],
  },
  {
    name: '广东省',
    code: '440000',
    within: [
      city('440100', '广州市', '510000', [
        district('440104', '越秀区'),
        district('440105', '海珠区'),
        district('440106', '天河区'),
      ]),
      city('440300', '深圳市', '518000', [
        district('440303', '罗湖区'),
        district('440304', '福田区'),
        district('440305', '南山区'),
      ]),
    ],
  },
  {
    name: '四川省',
    code: '510000',
    within: [
      city('510100', '成都市', '610000', [
        district('510104', '锦江区'),
        district('510105', '青羊区'),
        district('510107', '武侯区'),
      ]),
    ],
  },
]
