"""Invented names: many roots, unusual combinations, nobody twice."""

import unicodedata
from random import Random

FIRST_NAMES = """
Aaltje Abdel Abigail Adil Aiko Alwin Amber Anouar Anska Arjen Asha Aukje Ayla Baran Bartel Beitske Berfin Bilal
Brechtje Burcu Calvin Cemre Charissa Chaymae Clazien Coosje Dagmar Davino Deniz Dewi Dirkje Djoeke Dunya Eelke Ekin
Elif Emiel Enver Esra Evert Farid Fedde Femke Fikret Floor Foekje Gerben Giovanni Gulsen Hafid Hanneke Harmen Hatice
Hilwert Hiske Houda Ibtissam Idske Ilker Imane Indra Iskander Jacoba Jaïr Jelmer Jentje Jildou Joëlle Jorrit Kadir
Karima Keziah Kirsten Klaske Koen Lamyae Leandro Leentje Liesbeth Lubbert Maaike Mahir Malika Marjolijn Marwan Melek
Merle Mikail Minke Mounir Nadia Naomi Nevin Nienke Nikolaj Nourdin Okke Omar Onur Oscar Parwin Petra Pieternel Priya
Quirine Rachid Radjesh Ravinder Redouan Renske Rienk Rinske Roxanne Sabri Sanne Sefa Selma Serdar Sharda Sietse
Sjoukje Soraya Stijn Sunita Tamar Teije Tjitte Tugba Ufuk Urszula Vera Vishal Wafae Wiebe Wilmer Winonah Yasin
Ybeltje Yousra Zeynep Zohra Zwaantje
"""
SURNAMES = """
Achterkamp|Aksoylu|Algera-Mos|Amezdaou|Baldewpersing|Bargmeijer|Beekrust|Ben Alouane|Bergsluis|Bijlhout|Blokzeel
Boerenveen|Boskaljon|Bouchdar|Brandhoeve|Bulutçu|Çakırlı|Chedoe|Dakhouch|Dammersveld|De Windvaan|Dijkgraver|Doğruöz
Doornewaard|Drentelmeer|Duivenstee|Eekhoutsma|El Farouki|El Mazari|Elzenga-Roo|Engwierda|Ergündür|Fennemastra
Fluitenkruid|Galjoensma|Ganzevaart|Geldersluis|Gharbaoui|Goudriem|Grasveldt|Grootewal|Haanstrada|Hamdaouni
Harkemeijer|Hazelwinkelt|Heidekamper|Hiralalsing|Hoepelman-Ott|Hogelucht|Hooisma|Ijzerhout|Jagtersma|Jankipersad
Jonkvaart|Kalkoven|Kanhaisingh|Karadenli|Kastanjehof|Keizerveld|Kerkwijck|Kılıçman|Klaverdijk|Koerselaar|Koolwitje
Korevliet|Kraaijeveld-Sno|Kromwaal|Kwintelaar|Laagwater|Lakenvelder|Lamzoudi|Leeuwerikse|Lindegracht|Loosdijk
Maanderman|Mahabiersing|Mastenmaker|Meidoorn|Merzouki-Blad|Mestdal|Moerbeiland|Moestakim|Molenbroekse|Nachtegaalsma
Nieuwveer|Noordermaat|Oğuzhanlı|Olijslager-Wu|Oostermeent|Ouarghidi|Oudenbosse|Paardekreek|Pawirosentono|Pengelijn
Plataanstra|Poelwijk|Polderdijk|Pronkstee|Quaedackers|Ramdjanee|Rietvoorn|Roggebot|Rosaliana|Rozenkwast|Ruigewaard
Rustenveld|Saadouni|Salomonsz-Pi|Schaapherder|Scheepsjager|Schokkerland|Sewgobindt|Sietzema-Ark|Simsekli|Slagboomen
Sluiterman|Snoekvanger|Sporkenhout|Steenuil|Stroopers|Tahrioui|Taxushaag|Tekinalp|Terpstee|Tjoekarda|Torenvalk
Turfschip|Tuynstra|Uiterwaard|Uzunyol|Van der Eb|Van Grutterij|Van Kweldam|Van Oevermeer|Van Zilverstrand|Veenmos
Veldleeuw|Ven Rijkebos|Verlaatsman|Vlierbos|Vogelwacht|Waterhoen|Wervelaar|Westergeest-Oz|Wildervank-Ray
Winterkoning|Wisseltink|Wolkenburg|Yalçınlar|Yıldırmış|Zandloper|Zeewuster|Zerhouni-Maas|Zilverschoon|Zomerdijker
Zwanebloem
"""
FIRST = FIRST_NAMES.split()
LAST = SURNAMES.strip().replace("\n", "|").split("|")


def address(name: str) -> str:
    """The e-mail address of a name, in plain letters."""
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i")).encode("ascii", "ignore").decode().lower()
    first, _, last = plain.partition(" ")
    return f"{first}.{last.replace(' ', '')}@zandermeer.example"


def names(rng: Random, count: int, taken: set[str]) -> list[str]:
    """So many different names, none of them taken, each first name and surname used evenly."""
    found: dict[str, None] = {}
    first: list[str] = []
    last: list[str] = []
    while len(found) < count:
        if not first:
            first = rng.sample(FIRST, len(FIRST))
        if not last:
            last = rng.sample(LAST, len(LAST))
        name = f"{first.pop()} {last.pop()}"
        if name not in taken and address(name) not in map(address, found):
            found[name] = None
    return list(found)
