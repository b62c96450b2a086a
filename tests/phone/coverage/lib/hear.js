/** A page whose `hear` handler shows, in the box of the case, each event that it was told of. */
module.exports = function hearing(definition) {
  const { data, ...rest } = definition
  Page({
    data: { ...data, heard: {} },
    hear(event) {
      const { dataset } = event.currentTarget
      const before = this.data.heard[dataset.case] || []
      this.setData({ [`heard.${dataset.case}`]: [...before, { type: event.type, detail: event.detail }] })
    },
    ...rest,
  })
}
