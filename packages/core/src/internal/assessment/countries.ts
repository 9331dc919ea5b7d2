/** The three-letter codes that machine-readable travel documents use for states and organisations. */

/** ISO 3166-1, which ICAO Doc 9303 part 3 adopts. */
const iso = `ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM
BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE
DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC
GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR
KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ
MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT
PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC
SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM
YEM ZAF ZMB ZWE`

/**
 * ICAO Doc 9303 part 3, section 5: Germany's single letter; the United Kingdom's classes of nationality; Kosovo; the
 * European Union; the United Nations; organisations that issue documents; refugees, stateless and unspecified persons;
 * and codes that are withdrawn but still stand on valid documents.
 */
const special = `D GBD GBN GBO GBP GBS RKS EUE UNO UNA UNK XBA XCC XCE XCO XDC XEC XES XIM XMP XOM XPO IAO XXA XXB XXC XXX
ANT NTZ`

const known = new Set([...iso.split(/\s/), ...special.split(/\s/)])

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
