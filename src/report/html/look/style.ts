/**
 * The style sheet of the page. It is optional: without it the page says the same, one thing below the other. It loads nothing.
 */
export const css = `:root{color-scheme:light dark;--bg:light-dark(#fff,#14171a);--ink:light-dark(#1b1f24,#e8ebee);--dim:light-dark(#57606a,#a3adb7);--line:light-dark(#d0d7de,#3a4149);--soft:light-dark(#f6f8fa,#1d2227);--good:light-dark(#1a7f37,#4cc38a);--bad:light-dark(#b3261e,#ff8a7a);--doubt:light-dark(#7a5c00,#e3b341);--c0:light-dark(#1b1f24,#fff);--c1:light-dark(#3a7fc1,#9ad0f5);--c2:light-dark(#d55e00,#d55e00);--c3:light-dark(#868e96,#f5d76e);--c4:light-dark(#7f1d1d,#b86bd6);--c5:light-dark(#004d80,#009e73)}
*{box-sizing:border-box}
[hidden].controls{display:flex}
body{margin:0 auto;padding:16px 24px 48px;max-width:1240px;background:var(--bg);color:var(--ink);font:15px/1.45 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}table{overflow-wrap:break-word}.told{min-width:0}
h1{font-size:20px;margin:0;display:inline}h2{font-size:18px;margin:40px 0 4px}h3{font-size:15px;margin:24px 0 4px}
header{display:flex;flex-wrap:wrap;gap:2px 16px;align-items:baseline}.facts{margin:0;color:var(--dim);font-size:13px}.facts span{display:inline-block;max-width:100%}
#verdict{display:flex;gap:6px 16px;margin:12px 0 14px;padding:10px 14px;border:1px solid var(--line);border-left-width:6px;border-radius:6px;background:var(--soft)}
#verdict:has(.word .s-good){border-left-color:var(--good)}#verdict:has(.word .s-bad){border-left-color:var(--bad)}#verdict:has(.word .s-open),#verdict:has(.word .s-unknown){border-left-color:var(--doubt);border-left-style:dashed}
.word{font-size:24px;line-height:1.2;font-weight:700;margin:0;white-space:nowrap}.told p{margin:0 0 2px}.lead{font-size:17px}
.banner{margin:8px 0;padding:6px 14px;border:1px dashed var(--doubt);border-radius:6px}
.s-good{color:var(--good)}.s-half{color:var(--good)}.s-bad{color:var(--bad);font-weight:600}.s-open,.s-unknown,.s-untested,.s-doubt{color:var(--doubt)}.s-allowed{color:var(--doubt);font-weight:600}tr.named{outline:2px solid var(--good);outline-offset:-1px}tr.named>*{border-bottom-color:transparent}td>[class^=s-]{white-space:nowrap}td.c-because{min-width:280px}
a{color:inherit}a:focus-visible,summary:focus-visible,.scroll:focus-visible,button:focus-visible,input:focus-visible{outline:2px solid var(--c1);outline-offset:2px}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:14px;margin:6px 0}
th,td{padding:4px 10px;border:0;border-bottom:1px solid var(--line);vertical-align:middle}th{font-weight:600}thead th{color:var(--dim);font-weight:500;font-size:13px;vertical-align:bottom}td[align=right],td.c-versus,td.c-rate{white-space:nowrap}
tbody th bdi{white-space:nowrap}tbody th.c-gate bdi{white-space:normal}th.c-gate{min-width:170px}
table.first{width:100%;font-size:15px}.first td,.first th{padding:5px 8px}
td.c-forest,thead th:has(>svg.cell){padding-top:0!important;padding-bottom:0!important;line-height:0}
svg{display:block;overflow:visible;fill:currentColor;font-family:system-ui,-apple-system,"Segoe UI",sans-serif}svg.cell{display:inline-block;vertical-align:middle}figure>svg.cell{max-width:100%}svg.chart{min-width:680px;max-width:100%;height:auto}
.f0{fill:var(--c0)}.f1{fill:var(--c1)}.f2{fill:var(--c2)}.f3{fill:var(--c3)}.f4{fill:var(--c4)}.f5{fill:var(--c5)}
.k0{stroke:var(--c0)}.k1{stroke:var(--c1)}.k2{stroke:var(--c2)}.k3{stroke:var(--c3)}.k4{stroke:var(--c4)}.k5{stroke:var(--c5)}
figure{margin:0}figcaption{margin:0 0 8px;max-width:92ch}.how{color:var(--dim);font-size:13px;max-width:100ch;margin:6px 0 0}
details{margin:6px 0}summary{cursor:pointer;color:var(--dim)}
pre{white-space:pre-wrap;background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:8px 12px;font-size:13px}
ol,ul{margin:4px 0;padding-left:24px}dl{display:grid;grid-template-columns:max-content minmax(0,1fr);overflow-wrap:anywhere;gap:2px 16px;font-size:14px;margin:8px 0}dt{color:var(--dim)}dd{margin:0}
nav{margin:14px 0 0;font-size:13px;color:var(--dim)}.controls{min-width:0;border:0;padding:0;margin:6px 0 0;gap:2px 14px;flex-wrap:wrap;align-items:center;font-size:13px}.controls legend{float:left;padding:0;color:var(--dim);margin-right:14px}.controls label{min-width:0;max-width:100%}
.certificate{border:1px solid var(--line);border-radius:6px;padding:4px 16px 12px;margin:12px 0}.certificate h3{margin:10px 0 2px}.badge{border:1px solid var(--line);border-radius:10px;padding:0 8px;font-size:13px;color:var(--dim)}
@supports selector(:has(a)){${Array.from({ length: 12 }, (_, at) => `body:has(#b${at}:not(:checked)) g.m${at}{opacity:.12}`).join('')}}
@media(max-width:700px){tbody th bdi{white-space:normal}.first th{overflow-wrap:anywhere}body{padding:10px 12px 32px}#verdict{display:block;padding:8px 12px;margin:8px 0}.word{font-size:20px}.lead{font-size:15px}.told p{font-size:14px}h1{font-size:18px}.facts{font-size:12px}
.first thead{display:none}.first,.first tbody{display:block}.first tr{display:grid;grid-template-columns:auto 1fr auto;gap:0 10px;padding:4px 0 6px;border-bottom:1px solid var(--line)}.first th,.first td{border:0;padding:0;text-align:left;font-size:13px}.first th{grid-column:1/3;font-size:15px}.first td.c-data{grid-column:3;text-align:right}
.first td.c-forest{grid-column:1/4;grid-row:4}.first td.c-forest svg{width:100%;height:auto;margin-bottom:11px}.first .own-axis{display:inline}.first tr{padding-left:6px!important;padding-right:6px!important}.first td.c-rate::after{content:" iter/s"}.first td.c-rate{grid-row:2;grid-column:3;text-align:right}.first td.c-versus{grid-row:2;grid-column:1/3}.first tr:has(.interval) td.c-versus::after{content:" × control"}.first td.c-kept-up{grid-row:3;grid-column:3;text-align:right}.first td.c-kept-up::before{content:"kept up: "}.first td.c-p50,.first td.c-p99,.first td.c-failed{grid-row:3}.first td.c-p50::before{content:"p50 "}.first td.c-p99::before{content:"p99 "}.first td.c-failed::after{content:" failed"}.first td.c-failed{grid-column:3;text-align:right}.first td.c-measured-on{grid-row:5;grid-column:1/4}
.first td.c-best,.first td.c-keeps{grid-row:2;grid-column:1}.first td.c-peak,.first td.c-fails{grid-row:2;grid-column:2/4}.first td.c-beside,.first td.c-ended{grid-row:3;grid-column:1/4}.first td.c-over{grid-row:4;grid-column:1/4}.first td.c-best::before{content:"best "}.first td.c-peak::before{content:"peak "}.first td.c-keeps::before{content:"keeps "}.first td.c-fails::before{content:"not at "}.first td.c-over:not(:empty)::before{content:"data "}}
@media print{:root{color-scheme:only light}body{padding:0;max-width:none;font-size:11pt}figure,tr,.certificate{break-inside:avoid}h2{break-after:avoid}.controls,nav{display:none!important}.scroll{overflow:visible}svg.chart{min-width:0}table,table.first,thead th{font-size:7.5pt}.first td,.first th,th,td{padding:2px 3px}td svg.cell:not([width="14"]),thead svg.cell{width:140px;height:auto}svg.cell[width="300"]:is(td *,thead *){width:116px}svg.cell text{font-size:17px}tbody th bdi{white-space:normal}thead th{font-size:6.5pt!important}thead th bdi{overflow-wrap:anywhere}th,td{letter-spacing:-.01em}td.c-because,th.c-gate{min-width:0}details::details-content{content-visibility:visible;display:block}@page{size:A4;margin:14mm}}
@media(forced-colors:active){svg{forced-color-adjust:auto}.f0,.f1,.f2,.f3,.f4,.f5{fill:CanvasText}.k0,.k1,.k2,.k3,.k4,.k5{stroke:CanvasText}}
`;
