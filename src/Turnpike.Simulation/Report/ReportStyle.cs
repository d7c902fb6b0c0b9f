namespace Turnpike.Simulation;

/// <summary>Style and script of the report; small, since they travel in every file.</summary>
internal static class ReportStyle
{
    public const string Css =
        ":root{--page:#f7f8fa;--card:#fff;--text:#1b2330;--quiet:#5d6878;--grid:#e6e9ee;--line:#dfe3e9;--a:#2563c9;--b:#c2410c;--good:#157f4d;--mixed:#a16207;--bad:#b42318}" +
        "@media(prefers-color-scheme:dark){:root{--page:#11151b;--card:#191f28;--text:#e6eaf0;--quiet:#9aa6b5;--grid:#29313d;--line:#29313d;--a:#6ea8ff;--b:#ff9d66;--good:#5fd39a;--mixed:#e2b93b;--bad:#ff8a80}}" +
        "*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}" +
        "header,main{max-width:1160px;margin:0 auto;padding:0 20px}header{padding-top:36px}h1{font-size:2rem;line-height:1.2;margin:.1em 0 .3em}h2{font-size:1.3rem;margin:1.8em 0 .3em}h3{font-size:.85rem;font-weight:600;color:var(--quiet);margin:0}" +
        ".kicker{color:var(--a);font-weight:600;margin:0}.lead{font-size:1.1rem;max-width:70ch;margin:.2em 0}.quiet{color:var(--quiet);font-size:.9rem;margin:.3em 0;max-width:80ch}" +
        ".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:12px;margin-top:12px}.card,figure{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px;margin:0}.card p{margin:0}.figure{font-size:1.7rem;font-weight:650;letter-spacing:-.01em;line-height:1.3}" +
        ".grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:14px;margin-top:12px}figcaption{font-weight:600;font-size:.95rem;margin-bottom:6px;display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px}figcaption output{font-weight:400;color:var(--quiet);font-size:.85rem;font-variant-numeric:tabular-nums}" +
        ".chart{width:100%;height:auto;display:block;touch-action:pan-y}.findings{list-style:none;padding:0;margin:14px 0 0;display:grid;gap:8px}.findings li{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--mixed);border-radius:8px;padding:8px 14px}.findings .good{border-left-color:var(--good)}.findings .bad{border-left-color:var(--bad)}" +
        ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem;margin-top:10px}th,td{text-align:left;padding:8px 12px 8px 0;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--quiet);font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums}" +
        ".tag{font-weight:600;white-space:nowrap}.tag.good{color:var(--good)}.tag.mixed{color:var(--mixed)}.tag.bad{color:var(--bad)}.legend span{margin-right:18px}.legend i{display:inline-block;width:14px;height:14px;border-radius:4px;margin-right:6px;vertical-align:-2px}" +
        "details summary{cursor:pointer;list-style-position:inside}details summary h2{display:inline}code{font-size:.85em;overflow-wrap:anywhere}section:last-child{padding-bottom:48px}";

    // Pointing at a chart writes the values of that moment beside its title.
    public static string Script { get; } = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"const W={Chart.Width},L={Chart.Left},R={Chart.Right};") +
        "document.querySelectorAll('figure[data-x]').forEach(f=>{const s=f.querySelector('svg'),o=f.querySelector('output');if(!s||!o)return;const r=k=>f.dataset[k].split(' ').map(v=>v==='-'?NaN:+v);const x=r('x'),l=r('low'),m=r('mid'),h=r('high');" +
        "const n=v=>isNaN(v)?'–':Math.abs(v)>=1e9?(v/1e9).toPrecision(3)+'B':Math.abs(v)>=1e6?(v/1e6).toPrecision(3)+'M':Math.abs(v)>=1e4?(v/1e3).toPrecision(3)+'k':(+v.toPrecision(3)).toString();" +
        "s.addEventListener('pointermove',e=>{const b=s.getBoundingClientRect();const p=((e.clientX-b.left)/b.width*W-L)/(W-L-R);const t=x[0]+p*(x[x.length-1]-x[0]);let i=0;for(let j=1;j<x.length;j++)if(Math.abs(x[j]-t)<Math.abs(x[i]-t))i=j;o.textContent='year '+x[i].toFixed(1)+': '+n(m[i])+' ('+n(l[i])+' to '+n(h[i])+')'});s.addEventListener('pointerleave',()=>o.textContent='')});";
}
