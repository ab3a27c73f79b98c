"""Invented names of companies, people and places of business."""

GIVEN = [
    "Aldrena",
    "Bruvio",
    "Celuma",
    "Dorvano",
    "Elquira",
    "Fandrel",
    "Grimalda",
    "Helvino",
    "Irsenia",
    "Jorvaldo",
    "Kelmira",
    "Luvano",
    "Mirtéia",
    "Norvélio",
    "Oldara",
    "Pelvino",
    "Quirena",
    "Rosálvia",
    "Sindrel",
    "Talúria",
    "Ulvero",
    "Vanélia",
    "Wilmaro",
    "Xandira",
    "Ylvério",
    "Zelmara",
]
SURNAMES = [
    "Abrolim",
    "Bestrana",
    "Cavurém",
    "Dalmirez",
    "Estrevão",
    "Fonclara",
    "Gravatim",
    "Hortelar",
    "Iguarim",
    "Jurendal",
    "Kalvares",
    "Lomengo",
    "Montrexa",
    "Nuvarelo",
    "Ourivan",
    "Pradelim",
    "Quandrel",
    "Ravintes",
    "Solvério",
    "Tremanço",
    "Urbalem",
    "Vilarque",
    "Wandrelo",
    "Xisperes",
    "Ybarel",
    "Zontrado",
]
WORDS = [
    "Aruanda",
    "Bravante",
    "Cedralina",
    "Duamar",
    "Estrelar",
    "Florânia",
    "Gravinho",
    "Horizal",
    "Ipemar",
    "Jacintal",
    "Karuana",
    "Lagomar",
    "Mirassu",
    "Nortevia",
    "Orvalhal",
    "Pontaverde",
    "Quintalar",
    "Riomonte",
    "Serravale",
    "Tropicália",
    "Uirana",
    "Valeverde",
    "Xaraé",
    "Yporã",
    "Zafirá",
    "Açucenal",
    "Boreal",
    "Campanário",
    "Divinéia",
    "Encantal",
]
KINDS = {
    "VAREJO": ("Supermercados", "Rede", "Mercearias", "Empório"),
    "ATACADO": ("Atacadista", "Distribuidora", "Atacarejo", "Comercial"),
    "FOODSERVICE": ("Restaurantes", "Cozinhas", "Hotelaria", "Padarias"),
}
ENDINGS = ("Ltda", "S.A.", "& Cia Ltda", "Comércio de Alimentos Ltda", "EIRELI")
CITIES = (
    # city, state, region: states and cities are real places, the firms are not
    ("São Paulo", "SP", "SUD"),
    ("Campinas", "SP", "SUD"),
    ("Ribeirão Preto", "SP", "SUD"),
    ("Rio de Janeiro", "RJ", "SUD"),
    ("Belo Horizonte", "MG", "SUD"),
    ("Vitória", "ES", "SUD"),
    ("Curitiba", "PR", "SUL"),
    ("Florianópolis", "SC", "SUL"),
    ("Porto Alegre", "RS", "SUL"),
    ("Salvador", "BA", "NDE"),
    ("Recife", "PE", "NDE"),
    ("Fortaleza", "CE", "NDE"),
    ("Goiânia", "GO", "COE"),
    ("Brasília", "DF", "COE"),
    ("Cuiabá", "MT", "COE"),
    ("Belém", "PA", "NOR"),
    ("Manaus", "AM", "NOR"),
)
ABROAD = ("Assunção", "EX", "EXT")


def person(number: int) -> tuple[str, str]:
    """Given name and surname of the n-th invented person; distinct for 67,600 numbers."""
    first = GIVEN[number % len(GIVEN)]
    second = SURNAMES[(number // len(GIVEN) + 3 * number) % len(SURNAMES)]
    third = SURNAMES[(number // (len(GIVEN) * len(SURNAMES)) + 7 * number) % len(SURNAMES)]
    return first, second if second == third else f"{second} {third}"


def company(number: int, channel: str) -> str:
    """Trade name of the n-th invented company."""
    kind = KINDS[channel][number % 4]
    word = WORDS[(number * 7) % len(WORDS)]
    second = WORDS[(number * 11 + number // len(WORDS) + 5) % len(WORDS)]
    return f"{kind} {word} {second}"


def plain(text: str) -> str:
    """Lower-case ASCII letters of a name, as used in a domain."""
    table = str.maketrans("áàâãéêíóôõúçÁÉÍÓÚÇ", "aaaaeeiooouçAEIOUC".replace("ç", "c"))
    return "".join(c for c in text.translate(table).lower() if c.isascii() and c.isalnum())
