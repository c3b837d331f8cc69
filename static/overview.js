/* The charts: drawn from the tables below them, which say the same in figures. */
"use strict";

(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const css = getComputedStyle(document.documentElement);
  const colour = (name) => css.getPropertyValue(`--${name}`).trim();
  const read = (key) => {
    const table = document.getElementById(key);
    return {
      names: [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim()),
      rows: [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => ({ text: cell.textContent.trim(), value: cell.dataset.value }))),
    };
  };
  const number = ({ value }) => (value === "" ? null : Number(value));
  const percent = ({ value }) => (value === "" ? null : Math.round(1000 * Number(value)) / 10);
  const text = { color: colour("ink"), fontFamily: css.fontFamily || "sans-serif" };
  const common = {
    animation: !calm, textStyle: text, tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
    grid: { left: 12, right: 24, top: 36, bottom: 8, containLabel: true }, legend: { top: 0, textStyle: text },
  };
  const bar = (name, data, fill, more = {}) => ({ name, type: "bar", data, barMaxWidth: 34, itemStyle: { color: fill }, ...more });
  const stripes = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 3], rotation: Math.PI / 4, color: "#ffffff90" };

  const charts = {
    institutions: ({ names, rows }, width) => ({
      ...common,
      xAxis: { type: "category", data: rows.map((row) => row[0].text), axisLabel: { interval: 0, width: Math.max(48, (0.9 * (width - 90)) / rows.length), overflow: "break" } },
      yAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value} %" } },
      series: [
        bar(names[4], rows.map((row) => percent(row[4])), colour("accent"), {
          markLine: {
            silent: true, symbol: "none", data: [{ yAxis: 80 }], lineStyle: { color: colour("bad"), width: 2 },
            label: { formatter: `${document.querySelector(".overview").dataset.threshold} 80 %`, position: "insideEndTop", color: colour("bad"), backgroundColor: colour("paper"), padding: [1, 4] },
          },
        }),
        // told apart by stripes too
        bar(names[5], rows.map((row) => percent(row[5])), colour("good"), { itemStyle: { color: colour("good"), decal: stripes } }),
      ],
    }),
    faults: ({ names, rows }) => {
      const top = rows.slice(0, 12).reverse();
      return {
        ...common, legend: undefined, grid: { ...common.grid, top: 8 },
        xAxis: { type: "value", minInterval: 1 }, yAxis: { type: "category", data: top.map((row) => row[0].text) },
        series: [bar(names[2], top.map((row) => number(row[2])), colour("accent"), { label: { show: true, position: "right", color: colour("ink") } })],
      };
    },
    months: ({ names, rows }) => ({
      ...common,
      xAxis: { type: "category", data: rows.map((row) => row[0].text) },
      yAxis: [{ type: "value", minInterval: 1, name: "" }, { type: "value", minInterval: 1, splitLine: { show: false } }],
      series: [
        bar(names[2], rows.map((row) => number(row[2])), colour("accent"), { yAxisIndex: 1 }),
        { name: names[1], type: "line", symbol: "circle", symbolSize: 8, data: rows.map((row) => number(row[1])), itemStyle: { color: colour("good") } },
        { name: names[3], type: "line", symbol: "diamond", symbolSize: 10, lineStyle: { type: "dashed" }, data: rows.map((row) => number(row[3])), itemStyle: { color: colour("bad") } },
      ],
    }),
  };

  for (const place of document.querySelectorAll("[data-chart]")) {
    const chart = echarts.init(place, null, { renderer: "canvas" });
    const draw = () => chart.setOption(charts[place.dataset.chart](read(place.dataset.chart), place.clientWidth));
    draw();
    place.dataset.drawn = "";
    new ResizeObserver(() => { chart.resize(); draw(); }).observe(place);
  }
})();
