"""The ready accounts of the demo: one for each role, shown on its login page. Every name is invented."""

from dataclasses import dataclass

from motcua.organisations.types import Role

PASSWORD = "Motcua-2026"  # noqa: S105 - the demo's own, shown on its login page; no other installation has these accounts


@dataclass(frozen=True, slots=True)
class Account:
    """One ready account."""

    username: str
    name: str
    job_title: str
    unit: str
    roles: tuple[Role, ...]

    @property
    def code(self) -> str:
        """Staff code on every act."""
        return f"cb-{self.username}"


def accounts(province: str) -> tuple[Account, ...]:
    """Return the accounts of the fictitious province with this code."""
    department, commune, other = f"{province}.03", f"{province}.101", f"{province}.102"
    return (
        Account("mot-cua-xa", "Ngô Thị Mẫu Một", "Công chức Bộ phận Một cửa", commune, (Role.CLERK,)),
        Account("mot-cua-xa-2", "Trần Văn Mẫu Hai", "Công chức Bộ phận Một cửa", commune, (Role.CLERK,)),
        Account("thu-ly-xa", "Lê Thị Mẫu Ba", "Công chức Tư pháp - Hộ tịch", commune, (Role.CASE_OFFICER,)),
        Account("thu-ly-xa-2", "Phạm Văn Mẫu Bốn", "Công chức Địa chính", commune, (Role.CASE_OFFICER,)),
        Account("phong-xa", "Vũ Thị Mẫu Năm", "Trưởng phòng Văn hóa - Xã hội", commune, (Role.UNIT_HEAD,)),
        Account("chu-tich-xa", "Đặng Văn Mẫu Sáu", "Phó Chủ tịch UBND", commune, (Role.LEADER,)),
        Account("van-thu-xa", "Bùi Thị Mẫu Bảy", "Văn thư", commune, (Role.RECORDS_CLERK,)),
        Account("mot-cua-so", "Đỗ Văn Mẫu Tám", "Chuyên viên Bộ phận Một cửa", department, (Role.CLERK,)),
        Account("thu-ly-so", "Hồ Thị Mẫu Chín", "Chuyên viên", department, (Role.CASE_OFFICER,)),
        Account("thu-ly-so-2", "Dương Văn Mẫu Mười", "Chuyên viên chính", department, (Role.CASE_OFFICER,)),
        Account("phong-so", "Lý Thị Mẫu Mười Một", "Trưởng phòng", department, (Role.UNIT_HEAD,)),
        Account("giam-doc-so", "Mai Văn Mẫu Mười Hai", "Phó Giám đốc Sở", department, (Role.LEADER,)),
        Account("van-thu-so", "Cao Thị Mẫu Mười Ba", "Văn thư", department, (Role.RECORDS_CLERK,)),
        Account("buu-chinh", "Tạ Văn Mẫu Mười Bốn", "Nhân viên bưu điện", commune, (Role.POSTAL_CLERK,)),
        Account("giam-sat", "Hà Thị Mẫu Mười Lăm", "Công chức giám sát bưu chính", commune, (Role.SUPERVISOR,)),
        Account("trung-tam", "Kiều Văn Mẫu Mười Sáu", "Giám đốc Trung tâm PVHCC", province, (Role.CENTRE_MANAGER,)),
        Account("van-phong", "Thái Thị Mẫu Mười Bảy", "Trưởng phòng KSTTHC", province, (Role.CONTROL_OFFICE,)),
        Account("lanh-dao-tinh", "Quách Văn Mẫu Mười Tám", "Phó Chủ tịch UBND tỉnh", province, (Role.PROVINCE_LEADER,)),
        Account("quan-tri", "Chu Thị Mẫu Mười Chín", "Quản trị hệ thống", province, (Role.ADMINISTRATOR,)),
        Account("mot-cua-xa-khac", "La Văn Mẫu Hai Mươi", "Công chức Bộ phận Một cửa", other, (Role.CLERK,)),
        Account("thu-ly-xa-khac", "Tô Thị Mẫu Hai Mốt", "Công chức Tư pháp - Hộ tịch", other, (Role.CASE_OFFICER,)),
    )
