"""The team of the whole municipality and the teams for money, law, people, ICT and communication."""

TEKST = """
== ZM | Gemeente Zandermeer |  |  | 8
Een gemeente die doet wat ze belooft, en laat zien hoe.
Gemeentesecretaris @gemeentesecretaris: De organisatie en het college werken goed samen.
- Het college adviseren; Mandaten namens het college beheren; Verantwoording afleggen over wat teams besloten
* Het mandaatregister
Loco-gemeentesecretaris: Het werk gaat door als de secretaris er niet is.
- De secretaris vervangen; Collegevergaderingen voorbereiden; Lopende zaken overdragen
Concerncontroller @controller: Bestuur en inwoners kunnen op onze cijfers en besluiten bouwen.
- Besluiten steekproefsgewijs controleren; Bevinding schrijven bij de verantwoording; Risico’s benoemen
* De controle op het mandaatlogboek
Griffier @griffier: De raad kan zijn werk doen.
- Raadsvergaderingen voorbereiden; Raadsleden adviseren; Toezeggingen bewaken
* De raadsagenda
Raadsadviseur: Elk raadslid vindt snel wat nodig is.
- Commissies ondersteunen; Moties en vragen volgen; Raadsinformatie ontsluiten
Bestuursadviseur: Het college besluit met het hele verhaal op tafel.
- Collegestukken nalezen; Besluitenlijst maken; Afspraken met teams volgen
Strateeg samenleving: We kijken verder dan vier jaar.
- Toekomstverkenning maken; Cijfers duiden; Gesprekken met inwoners organiseren
Regisseur samenwerking regio: In de regio halen we meer dan alleen.
- Regionale overleggen voorbereiden; Belangen afwegen; Terugmelden aan raad en college
Begeleider zelforganisatie: Teams groeien in zelf besluiten.
- Teams helpen bij spanningen; Nieuwe begeleiders opleiden; Spelregels bijhouden
* De spelregels van zelforganisatie

== FI | Financiën | ZM | Ondersteuning | 11
Elke euro is te volgen en doet wat de raad afsprak.
Begroter: Een begroting die raad en inwoners begrijpen.
- Begroting samenstellen; Teams helpen ramen; Toelichtingen schrijven
Jaarrekening: Een jaarrekening die op tijd en juist is.
- Balans opbouwen; Vragen van de accountant beantwoorden; Verschillen verklaren
Adviseur financiën inwoners: Teams in het cluster Inwoners hebben zicht op hun geld.
- Verwachtingen bespreken; Risico’s doorrekenen; Collegestukken toetsen
Adviseur financiën ruimte: Projecten buiten blijven binnen hun krediet.
- Kredieten volgen; Voorstellen doorrekenen; Projectleiders adviseren
Crediteuren: Leveranciers krijgen binnen dertig dagen hun geld.
- Facturen verwerken; Betaalruns klaarzetten; Herinneringen voorkomen
Debiteuren: Wie ons geld schuldig is, krijgt een duidelijke rekening.
- Facturen sturen; Betalingen koppelen; Regelingen afspreken
Kasbeheerder: Altijd genoeg geld, nooit onnodige rente.
- Liquiditeit ramen; Leningen voorbereiden; Bankmandaten beheren
* De bankrekeningen van de gemeente
Fiscalist: We betalen wat moet, niet meer.
- Aangifte btw doen; Compensatiefonds bewaken; Teams adviseren
Beheerder administratie: De boeken kloppen elke maand.
- Maandafsluiting doen; Rekeningschema beheren; Tussenrekeningen leeg maken

== BL | Belastingen | FI | Ondersteuning | 9
Iedereen betaalt zijn eerlijke deel, en begrijpt zijn aanslag.
Heffingsambtenaar @heffingsambtenaar: Aanslagen zijn juist en op tijd.
- Aanslagen opleggen; Uitspraak doen op bezwaren; Ontheffingen beoordelen
* De heffing van gemeentelijke belastingen
Invordering: Betalen kan altijd op een manier die past.
- Betalingsregelingen treffen; Aanmaningen sturen; Kwijtschelding beoordelen
Taxateur: De waarde van elk huis klopt.
- Woningen waarderen; Bedrijfspanden opnemen; Bezwaren onderbouwen
Gegevensbeheerder gebouwen: Elk gebouw staat goed geregistreerd.
- Mutaties verwerken; Luchtfoto’s vergelijken; Fouten herstellen
* De basisregistratie gebouwen
Belastingtelefoon: Eén telefoontje, één antwoord.
- Vragen over aanslagen beantwoorden; Wijzigingen doorgeven; Drukte voorspellen
Tariefrekenaar: Tarieven dekken de kosten, niet meer.
- Kostendekking berekenen; Verordeningen voorbereiden; Effect per huishouden tonen
Toeristenbelasting: Wie gasten ontvangt, doet eerlijk aangifte.
- Aangiften verwerken; Verhuurders bezoeken; Nachtregisters controleren

== IC | Inkoop en Contracten | FI | Ondersteuning | 6
We kopen slim, eerlijk en dichtbij.
Inkoopadviseur: Elke inkoop volgt de regels en levert op.
- Adviseren boven de drempel; Inkoopstrategie kiezen; Offertes helpen beoordelen
Aanbestedingsleider: Aanbestedingen die standhouden.
- Procedures leiden; Stukken publiceren; Vragen van inschrijvers beantwoorden
Contractbeheerder: Geen contract loopt ongemerkt af.
- Contracten registreren; Einddata bewaken; Prestaties bespreken
* Het contractenregister
Inkoop met impact: Onze opdrachten helpen mensen aan werk en sparen het klimaat.
- Eisen voor sociale inkoop schrijven; Lokale bedrijven betrekken; Resultaat meten
Bestelpunt: Kleine bestellingen zijn in een dag geregeld.
- Bestellingen plaatsen; Raamcontracten toepassen; Leveringen controleren
!Regisseur inhuur: We huren alleen in wat we zelf niet kunnen.
- Inhuurvragen toetsen; Eerst de klussenbank proberen; Kosten van inhuur melden

== JZ | Juridische Zaken | ZM | Ondersteuning | 8
Onze besluiten kloppen, en wie het niet eens is, wordt gehoord.
Jurist bestuursrecht: Besluiten die bij de rechter blijven staan.
- Teams adviseren; Verweer schrijven; De gemeente vertegenwoordigen bij de rechtbank
Jurist privaatrecht: Contracten zonder verrassingen.
- Overeenkomsten toetsen; Aansprakelijkheid beoordelen; Onderhandelen over geschillen
Secretaris bezwaarcommissie: Elk bezwaar krijgt een eerlijk oor.
- Hoorzittingen plannen; Adviezen opstellen; Termijnen bewaken
Mandaatjurist: Iedereen weet wie wat mag besluiten.
- Ondermandaten toetsen; Register nalezen; Mandaatbesluiten voorbereiden
Adviseur open overheid: Inwoners krijgen de stukken waar ze recht op hebben.
- Verzoeken behandelen; Documenten lakken; Actief openbaar maken
* Het overzicht van verzoeken om informatie
Functionaris gegevensbescherming: Gegevens van mensen zijn veilig bij ons.
- Toezicht houden op privacy; Datalekken beoordelen; Advies geven bij nieuwe systemen
* Het register van verwerkingen
Verzekeringen en schade: Schade wordt vlot en eerlijk afgehandeld.
- Claims beoordelen; Polissen beheren; Oorzaken bespreken met teams

== HR | HR en Leren | ZM | Ondersteuning | 10
Mensen doen werk waar ze goed in zijn, en groeien.
Loopbaanbegeleider: Iedereen weet wat een volgende stap kan zijn.
- Loopbaangesprekken voeren; Snuffeldagen regelen; Wensen en klussen naast elkaar leggen
Klussenbankbeheerder: Werk vindt mensen, en mensen vinden werk.
- Teams helpen klussen te plaatsen; Verouderde klussen nalopen; Elk kwartaal de spreiding tonen
Salarisadministrateur: Salaris klopt en komt op tijd.
- Mutaties verwerken; Loonaangifte doen; Vragen beantwoorden
* De salarisadministratie
Werver: Nieuwe collega’s voelen zich welkom.
- Vacatures eerst binnen plaatsen; Gesprekken plannen; De eerste honderd dagen regelen
Verzuimregisseur: Wie ziek is, krijgt aandacht en een plan.
- Gesprekken begeleiden; Bedrijfsarts betrekken; Termijnen van de wet volgen
Leerregisseur: Leren hoort bij elke werkweek.
- Leeraanbod samenstellen; Leerbudgetten beheren; Trainingen evalueren
Adviseur arbeidsvoorwaarden: Afspraken zijn helder en voor iedereen gelijk.
- Cao uitleggen; Regelingen bijwerken; Overleg met de ondernemingsraad voorbereiden
Preventiemedewerker: Veilig en gezond werken, binnen en buiten.
- Risico’s inventariseren; Werkplekken nalopen; Ongevallen onderzoeken
Vertrouwenspersoon: Je kunt altijd bij iemand terecht.
- Luisteren en meedenken; Wegen laten zien; Elk jaar zonder namen verslag doen

== ID | ICT en Data | ZM | Ondersteuning | 12
Techniek die werkt, veilig is en niemand in de weg zit.
Servicedesk: Elke storing heeft een gezicht en een tijd.
- Meldingen oplossen; Werkplekken uitgeven; Uitleg schrijven
Systeembeheerder: Systemen zijn er als je ze nodig hebt.
- Servers en rechten beheren; Reservekopieën testen; Updates plannen
* Het beheer van gebruikers en systemen
Netwerkbeheerder: Verbinding in elk gebouw.
- Netwerk bewaken; Vergaderzalen uitrusten; Storingen oplossen
Data-architect: Gegevens één keer vastleggen, overal gebruiken.
- Koppelingen ontwerpen; Begrippen vastleggen; Keuzes van teams toetsen
Data-analist: Teams sturen op feiten.
- Dashboards maken; Vragen van teams uitzoeken; Methode uitleggen
Kaartbeheerder: Eén kaart van Zandermeer die klopt.
- Basiskaart bijhouden; Kaartlagen publiceren; Drones laten vliegen
* De basisregistratie grootschalige topografie
Beheerder zaaksysteem: Elke zaak is te vinden en loopt door.
- Zaaktypen inrichten; Gebruikers trainen; Wijzigingen testen
Informatiebeveiliger: Geen gegevens op straat.
- Risico’s wegen; Oefenen met nepmails; Incidenten afhandelen
Archivaris: Wat bewaard moet worden, is over honderd jaar te lezen.
- Bewaartermijnen vaststellen; Overdracht doen; Vernietiging laten goedkeuren
* Het zaakarchief
Algoritmeregistrar: Inwoners kunnen zien welke rekenregels we gebruiken.
- Register bijhouden; Toetsen bij aanschaf; Vragen van inwoners beantwoorden
!Ontwikkelaar koppelingen: Systemen praten met elkaar zonder overtypen.
- Koppelingen bouwen; Fouten volgen; Beschrijvingen publiceren

== CO | Communicatie | ZM | Ondersteuning | 6
Inwoners begrijpen wat we doen en kunnen meepraten.
Woordvoerder: De pers krijgt snel een eerlijk antwoord.
- Vragen van journalisten beantwoorden; Bestuurders voorbereiden; Berichten nalezen
Webredacteur: Op de website vind je het in drie klikken.
- Teksten schrijven en schrappen; Toegankelijkheid testen; Zoekgedrag volgen
Taalcoach: We schrijven zoals we praten.
- Brieven herschrijven met teams; Schrijflessen geven; Testpanel van inwoners begeleiden
Beeldmaker: Foto’s en films waarin inwoners zich herkennen.
- Fotograferen; Filmpjes maken; Beeldbank beheren
* De beeldbank
Communicatieadviseur projecten: Niemand wordt verrast door een plan.
- Communicatieplannen maken; Bijeenkomsten voorbereiden; Buurtbrieven schrijven
Interne redacteur: Collega’s weten wat er speelt.
- Intranet vullen; Verhalen van teams maken; Nieuwsbrief sturen
Crisiscommunicatie: Bij nood weten mensen wat ze moeten doen.
- Piket draaien; Berichten klaarzetten; Oefenen met partners
"""
