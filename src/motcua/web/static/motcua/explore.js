// Loads ECharts when somebody wants to explore, and draws the numbers of the table with it. The server's drawing stays
// for paper, for slow lines and for browsers without scripts.
(() => {
  "use strict";
  const place = document.querySelector("[data-explore]");
  if (!place) return;
  const told = JSON.parse(document.getElementById(place.dataset.numbers).textContent);
  const button = place.querySelector("button"), canvas = place.querySelector(".mc-canvas"), status = place.querySelector("[role=status]");
  const drawing = place.closest("section").querySelector(".mc-chart");
  const number = new Intl.NumberFormat("vi-VN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const signs = ["circle", "rect", "triangle", "diamond", "pin", "roundRect"], dashes = ["solid", [8, 3], [3, 3], [10, 3, 2, 3], [1, 4], [12, 4]];
  const tokens = ["--mc-blue", "--mc-primary", "--mc-green", "--mc-gold", "--mc-ink", "--mc-soft"];
  let chart = null;

  const draw = () => {
    const style = getComputedStyle(document.documentElement), token = (name) => style.getPropertyValue(name).trim();
    const font = getComputedStyle(document.body).fontFamily, ink = token("--mc-ink"), soft = token("--mc-soft"), line = token("--mc-line");
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    chart.setOption({
      animation: !still,
      textStyle: { fontFamily: font, color: ink, fontSize: 13 },
      color: tokens.map(token),
      grid: { left: 56, right: 20, top: 34, bottom: 84 },
      legend: { bottom: 44, textStyle: { color: ink, fontFamily: font }, type: "scroll", selectedMode: true },
      // Drawn inside the canvas: a box of HTML would need styles that the page's policy forbids.
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => (value === null || value === undefined ? "–" : `${number.format(value)} ${told.unit}`) },
      xAxis: { type: "category", data: told.labels.map((label, n) => (told.running[n] ? `${label}\n(chưa hết)` : label)), axisLabel: { color: soft }, axisLine: { lineStyle: { color: line } } },
      yAxis: { type: "value", scale: true, name: told.unit, nameTextStyle: { color: soft }, axisLabel: { color: soft, formatter: (value) => value.toLocaleString("vi-VN") }, splitLine: { lineStyle: { color: line } } },
      dataZoom: [{ type: "slider", bottom: 10, height: 20, textStyle: { color: soft }, brushSelect: false }, { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false }],
      series: told.series.map((one, n) => ({ type: "line", name: one.name, data: one.values, symbol: signs[n % signs.length], symbolSize: 9, lineStyle: { width: 2, type: dashes[n % dashes.length] }, connectNulls: false })),
    }, true);
  };
  const open = () => {
    drawing.classList.add("on-paper");
    canvas.hidden = false;
    button.hidden = true;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${told.finding}. Số liệu ở bảng bên trên.`);
    chart = window.echarts.init(canvas, null, { renderer: "canvas" });
    draw();
    status.textContent = "Bấm vào tên đường để ẩn, hiện; kéo thanh dưới để chọn khoảng tháng; rê chuột để đọc số.";
    new ResizeObserver(() => chart.resize()).observe(canvas);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  };
  const load = () => {
    if (window.echarts) { open(); return; }
    button.disabled = true;
    status.textContent = "Đang tải biểu đồ tương tác…";
    const script = document.createElement("script");
    script.src = place.dataset.explore;
    script.addEventListener("load", open);
    script.addEventListener("error", () => { button.disabled = false; status.textContent = "Chưa tải được; hãy kiểm tra đường truyền rồi thử lại. Biểu đồ phía trên vẫn đủ số liệu."; });
    document.head.append(script);
  };
  place.hidden = false;
  button.addEventListener("click", load);
})();
