/** The three-letter codes that machine-readable travel documents use for states and organisations. */

/** ISO 3166-1, which ICAO Doc 9303 part 3 adopts: a row for each first letter, with the other two of each code. */
const iso = `A BW FG GO IA LA LB ND RE RG RM SM TA TF TG US UT ZE
B DI EL EN ES FA GD GR HR HS IH LM LR LZ MU OL RA RB RN TN VT WA
C AF AN CK HE HL HN IV MR OD OG OK OL OM PV RI UB UW XR YM YP ZE
D EU JI MA NK OM ZA
E CU GY RI SH SP ST TH
F IN JI LK RA RO SM
G AB BR EO GY HA IB IN LP MB NB NQ RC RD RL TM UF UM UY
H KG MD ND RV TI UN
I DN MN ND OT RL RN RQ SL SR TA
J AM EY OR PN
K AZ EN GZ HM IR NA OR WT
L AO BN BR BY CA IE KA SO TU UX VA
M AC AF AR CO DA DG DV EX HL KD LI LT MR NE NG NP OZ RT SR TQ US WI YS YT
N AM CL ER FK GA IC IU LD OR PL RU ZL
O MN
P AK AN CN ER HL LW NG OL RI RK RT RY SE YF
Q AT
R EU OU US WA
S AU DN EN GP GS HN JM LB LE LV MR OM PM RB SD TP UR VK VN WE WZ XM YC YR
T CA CD GO HA JK KL KM LS ON TO UN UR UV WN ZA
U GA KR MI RY SA ZB
V AT CT EN GB IR NM UT
W LF SM
Y EM
Z AF MB WE`

/**
 * ICAO Doc 9303 part 3, section 5: Germany's single letter; the United Kingdom's classes of nationality; Kosovo; the
 * European Union; the United Nations; organisations that issue documents; refugees, stateless and unspecified persons;
 * and codes that are withdrawn but still stand on valid documents.
 */
const special = `D GBD GBN GBO GBP GBS RKS EUE UNO UNA UNK XBA XCC XCE XCO XDC XEC XES XIM XMP XOM XPO IAO XXA XXB XXC XXX
ANT NTZ`

const known = new Set([
  ...iso.split("\n").flatMap((row) => {
    const [first, ...others] = row.split(" ")
    return others.map((two) => `${first}${two}`)
  }),
  ...special.split(/\s/)
])

/** Utopia: ICAO's own specimens have it, and no document of a person. */
const specimen = "UTO"

/** What a code is: one of the list, that of specimens, or unknown. */
export const classify = (raw: string): "Known" | "Specimen" | "Unknown" => {
  // Latin letters, also in full width: others only look like them.
  if (!/^[\sA-Za-z<Ａ-Ｚａ-ｚ＜]*$/.test(raw)) return "Unknown"
  const code = raw
    .normalize("NFKC")
    .trim()
    .toUpperCase()
    .replace(/^([A-Z]{1,3})<{0,2}$/, "$1")
  return code === specimen ? "Specimen" : known.has(code) ? "Known" : "Unknown"
}
